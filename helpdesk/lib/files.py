"""Handing out private files. Who may have one is the caller's business; that it cannot do harm is decided here."""

from __future__ import annotations

from django.core.files.base import File
from django.http import FileResponse, Http404

#: Pictures that a browser only paints. SVG is not among them: it may carry scripts.
PAINTABLE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Types told truthfully on a download; all else is a row of bytes.
_TRUTHFUL = PAINTABLE | {"image/heic", "application/pdf", "text/plain", "video/mp4", "audio/mpeg"}
#: Even opened in a tab of its own, the file runs nothing, loads nothing and belongs to no origin.
_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


def private_file_response(file: File[bytes], *, name: str, content_type: str, inline: bool) -> FileResponse:
    """A download of ``file`` called ``name``; shown in place when that is asked for and it is a safe picture.

    Raises Http404 when the file is gone from the storage.
    """
    shown = inline and content_type in PAINTABLE
    try:
        handle = file.open("rb")
    except FileNotFoundError as problem:
        raise Http404("The file is gone.") from problem
    response = FileResponse(
        handle,  # closed by the response
        as_attachment=not shown,
        filename=name,
        content_type=content_type if content_type in _TRUTHFUL else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Kept by a browser, it could still be opened after the log-out and after the link was revoked.
    response["Cache-Control"] = "private, no-store"
    return response
