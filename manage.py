#!/usr/bin/env python
"""Django's command line, with the embedded engines started first when no URL is given."""

import os
import sys

# These read no table and no queue: they must also work where no engine can start (image build, lint).
WITHOUT_ENGINES = {
    "collectstatic",
    "compilemessages",
    "help",
    "spectacular",
    "translations",
    "version",
    "--help",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    from django.core.management import execute_from_command_line

    from helpdesk import embedded

    if len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_ENGINES:
        embedded.attach_for_settings()
    execute_from_command_line(sys.argv)


def try_later() -> None:
    """A mail server bounces what ends in a code it does not know: whatever kept us from answering means "later"."""
    try:
        main()
    except SystemExit as ended:
        if ended.code in (os.EX_OK, None, os.EX_DATAERR, os.EX_NOUSER):
            raise
        why = str(ended.code)
    except Exception as problem:
        why = f"{type(problem).__name__}: {problem}"
    sys.stderr.write(f"{why}\n")
    sys.exit(os.EX_TEMPFAIL)


if __name__ == "__main__":
    try_later() if sys.argv[1:2] == ["receive_mail"] else main()
