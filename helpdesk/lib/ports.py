"""Whether somebody listens on a port of this machine."""

import socket
from http.client import HTTPConnection, HTTPException


def taken(port: int, host: str = "127.0.0.1") -> bool:
    """By trying to bind it, as the server itself will: a listener that answers nobody is found too."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError:
            return True
    return False


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a web server there serves requests; what it answers does not matter."""
    connection = HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/healthz/")
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
