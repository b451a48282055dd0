"""A bucket over HTTP, as far as django-storages asks for one: put, get, head, delete and list. Signatures are kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


class Bucket(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.objects: dict[str, bytes] = {}
        #: What every request said of who asks.
        self.authorized: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Asked(BaseHTTPRequestHandler):
    server: Bucket
    protocol_version = "HTTP/1.1"

    @property
    def key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix("/files").removeprefix("/")

    def do_PUT(self) -> None:
        self._note()
        self.server.objects[self.key] = self._body()
        self._answer(200)

    def do_GET(self) -> None:
        self._note()
        query = parse_qs(urlsplit(self.path).query)
        if not self.key:
            self._answer(200, self._listed(query.get("prefix", [""])[0], query.get("delimiter", [""])[0]))
        elif self.key in self.server.objects:
            self._answer(200, self.server.objects[self.key])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def do_HEAD(self) -> None:
        self._note()
        self._answer(200 if self.key in self.server.objects else 404, self.server.objects.get(self.key, b""))

    def do_DELETE(self) -> None:
        self._note()
        self.server.objects.pop(self.key, None)
        self._answer(204)

    def _note(self) -> None:
        self.server.authorized.append(self.headers.get("Authorization", ""))

    def _body(self) -> bytes:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.headers.get("Content-Encoding", "").startswith("aws-chunked"):
            return content
        whole = b""
        while content:
            head, _end, content = content.partition(b"\r\n")
            size = int(head.partition(b";")[0], 16)
            if not size:
                break
            whole, content = whole + content[:size], content[size + 2 :]
        return whole

    def _listed(self, prefix: str, delimiter: str) -> bytes:
        keys = [key for key in sorted(self.server.objects) if key.startswith(prefix)]
        folders = {
            prefix + key[len(prefix) :].partition("/")[0] + "/" for key in keys if "/" in key[len(prefix) :]
        }
        shown = [key for key in keys if not delimiter or "/" not in key[len(prefix) :]]
        contents = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in shown)
        common = "".join(
            f"<CommonPrefixes><Prefix>{one}</Prefix></CommonPrefixes>" for one in sorted(folders)
        )
        told = f"<IsTruncated>false</IsTruncated><Prefix>{prefix}</Prefix>{contents}{common if delimiter else ''}"
        return f'<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{told}</ListBucketResult>'.encode()

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Thu, 26 Nov 2026 04:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def bucket() -> Iterator[Bucket]:
    with Bucket() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
