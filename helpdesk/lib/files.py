"""Handing out private files. Who may have one is the caller's business; that it cannot do harm is decided here.

A file is served at once to whoever was just found to be allowed it. With FILES_ORIGIN the page sends them on to that
other origin, by a signed link that lives a minute and works in the browser only that it was made for; with S3 alone, to
a presigned link of the bucket, which lives as long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core import signing
from django.core.files.base import File
from django.http import FileResponse, Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import content_disposition_header

from helpdesk.lib.file_places import LINK_SECONDS, SERVED_AT
from helpdesk.lib.http import client_ip

#: Pictures that a browser only paints. SVG is not among them: it may carry scripts.
PAINTABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Types told truthfully on a download; all else is a row of bytes.
_TRUTHFUL = PAINTABLE | {"image/heic", "application/pdf", "text/plain", "video/mp4", "audio/mpeg"}
#: Even opened in a tab of its own, the file runs nothing, loads nothing and belongs to no origin.
_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
#: Browsers put a picture that is opened by itself into a page of their own, which it must be allowed to paint.
_PICTURE_POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
)
_SALT = "helpdesk.file"


@dataclass(frozen=True)
class Served:
    """A file as a link names it. ``path`` is its name in the private storage, ``asker`` whom the link was made for."""

    path: str
    name: str
    content_type: str
    inline: bool
    asker: str = ""


def private_file_response(
    request: HttpRequest, file: File[bytes], *, name: str, content_type: str, inline: bool
) -> HttpResponseBase:
    """A download of ``file`` called ``name``; shown in place when that is asked for and it is a safe picture.

    Raises Http404 when the file is gone from the storage.
    """
    shown = inline and content_type in PAINTABLE
    served = Served(str(file.name), name, _told(content_type), shown, asker_of(request))
    link = _link(file, served)
    if link is None:
        return handed_out(lambda: file.open("rb"), served)
    response = HttpResponseRedirect(link)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _told(content_type: str) -> str:
    return content_type if content_type in _TRUTHFUL else "application/octet-stream"


def _link(file: File[bytes], served: Served) -> str | None:
    """Where else the file is to be had; None where it is served from here."""
    storage = getattr(file, "storage", None)
    if storage is None:
        return None
    if settings.FILES_ORIGIN:
        return f"{settings.FILES_ORIGIN}{SERVED_AT}{signing.dumps(asdict(served), salt=_SALT)}"
    if not hasattr(storage, "bucket_name"):
        return None
    overrides = {
        "ResponseContentDisposition": content_disposition_header(not served.inline, served.name)
        or "attachment",
        "ResponseContentType": served.content_type,
        "ResponseCacheControl": "private, no-store",
    }
    link: str = storage.url(served.path, parameters=overrides, expire=LINK_SECONDS)
    return link


def asker_of(request: HttpRequest) -> str:
    """A browser as both origins see it: no cookie of the one reaches the other. A link that was passed on, or read in a
    log, works on no other network and with no other browser.

    It names no address, so that nobody learns from a link who asked. One origin may be reached by IPv4 and the other by
    IPv6: then the browser alone is compared.
    """
    address = client_ip(request)
    kind = "6" if ":" in address else "4"
    agent = request.META.get("HTTP_USER_AGENT", "")
    return f"{kind}.{_digest(address)}.{_digest(agent)}"


def _digest(text: str) -> str:
    return salted_hmac(_SALT, text, algorithm="sha256").hexdigest()[:24]


def _is_same(made_for: str, asking: str) -> bool:
    kind, address, agent = [*made_for.split("."), "", ""][:3]
    other_kind, other_address, other_agent = asking.split(".")
    if not constant_time_compare(agent, other_agent):
        return False
    return kind != other_kind or constant_time_compare(address, other_address)


def of_link(request: HttpRequest, token: str) -> Served:
    """Raises Http404 for a link that we did not sign, whose minute is over, or that was made for somebody else."""
    try:
        served = Served(**signing.loads(token, salt=_SALT, max_age=LINK_SECONDS))
    except (signing.BadSignature, TypeError, ValueError) as problem:
        raise Http404("No such file.") from problem
    if not _is_same(served.asker, asker_of(request)):
        raise Http404("No such file.")
    return served


def handed_out(
    opened: Callable[[], File[bytes]], served: Served, *, cross_origin: bool = False
) -> FileResponse:
    """The bytes themselves, locked in. ``cross_origin``: the pages that show it stand on another origin.

    Raises Http404 when the file is gone from the storage.
    """
    try:
        handle = opened()
    except FileNotFoundError as problem:
        raise Http404("The file is gone.") from problem
    response = FileResponse(
        handle,  # closed by the response
        as_attachment=not served.inline,
        filename=served.name,
        content_type=served.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _PICTURE_POLICY if served.inline else _POLICY
    response["Cross-Origin-Resource-Policy"] = "cross-origin" if cross_origin else "same-origin"
    # Kept by a browser, it could still be opened after the log-out and after the link was revoked.
    response["Cache-Control"] = "private, no-store"
    return response
