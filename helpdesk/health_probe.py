"""python -m helpdesk.health_probe: exit code 0 while the web server of this container is healthy."""

import os
import sys
from http.client import HTTPConnection, HTTPException


def main() -> int:
    """The host is named as the site is, because Django answers to no other."""
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip("*.") or "localhost"
    connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
    try:
        connection.request("GET", "/healthz/", headers={"Host": host})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, HTTPException):
        return 1


if __name__ == "__main__":
    sys.exit(main())
