"""Reading environment variables so that a wrong one is told in one plain line."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from urllib.parse import parse_qs, unquote, urlsplit

from environs import FileAwareEnv, ValidationError
from environs.exceptions import EnvValidationError

TLS_KINDS = ("none", "starttls", "ssl")
# What the library says, and what a person needs to hear instead.
PLAIN_WORDS = {
    "Not a valid integer.": "this is not a whole number; give digits only, such as 10",
    "Not a valid boolean.": "this is neither yes nor no; give true or false",
    "Invalid value.": "this value cannot be used; docs/settings.md says what can",
}


class Refused(SystemExit):
    """The environment is not fit to start with: one line per variable on stderr, exit code 1."""


class Reader(FileAwareEnv):
    """Reads NAME, or the file that NAME_FILE names (a container's secrets). Empty counts as not given.

    Wrong values are collected, and told all at once by `finish`.
    """

    def __init__(self) -> None:
        super().__init__(eager=False, strip_whitespace=True)

    def _get_value(self, env_key: str, default: Any) -> Any:
        try:
            value = super()._get_value(env_key, default)
        except (ValueError, UnicodeDecodeError) as problem:
            raise Refused(f"{env_key}: {problem}") from None
        return default if isinstance(value, str) and not value.strip() else value

    @property
    def names(self) -> set[str]:
        """Every variable read so far."""
        return set(self._fields)

    def refuse(self, name: str, words: str) -> None:
        """Note a problem that only shows when variables are seen together."""
        self._errors[name].append(words)

    def finish(self) -> None:
        try:
            self.seal()
        except EnvValidationError as refused:
            found = cast("Mapping[str, list[str]]", refused.error_messages)
            lines = [f"{name}: {PLAIN_WORDS.get(said[0], said[0])}" for name, said in sorted(found.items())]
            raise Refused("\n".join(lines)) from None


def between(low: int, high: int) -> Callable[[int], None]:
    def check(value: int) -> None:
        if not low <= value <= high:
            raise ValidationError(f"{value} is out of bounds; give a number from {low} to {high}")

    return check


def one_of(*choices: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in choices:
            raise ValidationError(f"{value!r} is unknown; give one of {', '.join(choices)}")

    return check


def url(*schemes: str) -> Callable[[str], None]:
    """A check that also reads the port, because urlsplit only complains once it is asked for."""

    def check(value: str) -> None:
        try:
            parts = urlsplit(value)
            fits = parts.scheme in schemes and parts.port != 0 and bool(parts.netloc or parts.path)
        except ValueError:
            fits = False
        if value and not fits:
            examples = " or ".join(f"{scheme}://…" for scheme in schemes)
            raise ValidationError(f"this is not a URL that can be used here; it must read {examples}")

    return check


def smtp_url(value: str) -> None:
    url("smtp", "smtps")(value)
    tls = parse_qs(urlsplit(value).query).get("tls", ["none"])[0]
    if value and not urlsplit(value).hostname:
        raise ValidationError("the host is missing; write smtp://user:password@host:587?tls=starttls")
    if tls not in TLS_KINDS:
        raise ValidationError(f"tls={tls} is unknown; give tls=none, tls=starttls or tls=ssl")


def smtp_settings(value: str) -> dict[str, Any]:
    """Django's EMAIL_* settings from smtp://user:password@host:587?tls=starttls (smtps:// is tls=ssl)."""
    parts = urlsplit(value)
    implied = "ssl" if parts.scheme == "smtps" else "none"
    tls = parse_qs(parts.query).get("tls", [implied])[0]
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or {"ssl": 465, "starttls": 587}.get(tls, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": tls == "starttls",
        "EMAIL_USE_SSL": tls == "ssl",
    }
