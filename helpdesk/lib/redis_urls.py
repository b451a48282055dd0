"""One Redis URL serves queue and cache; this spells it the way each of them reads it."""

from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit


def database_of(url: str) -> int:
    """The database number in redis://host/3 or unix:///path?db=3; 0 when none is named."""
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("db", [""])[0] if parts.scheme == "unix" else parts.path.strip("/")
    return int(named) if named.isdigit() else 0


def with_database(url: str, number: int) -> str:
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return urlunsplit(parts._replace(path=f"/{number}"))
    options = {name: said[0] for name, said in parse_qs(parts.query).items()} | {"db": str(number)}
    return f"unix://{parts.netloc}{parts.path}?{urlencode(options)}"


def next_database(url: str) -> str:
    """The cache's place: beside the queue, because clearing a cache empties its whole database."""
    return with_database(url, database_of(url) + 1)


def broker_url(url: str) -> str:
    """Celery's spelling: redis+socket:///path?virtual_host=3 for a socket, unchanged otherwise."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    return f"redis+socket://{parts.netloc}{parts.path}?virtual_host={database_of(url)}"
