"""The ASGI application: websockets of our own pages below /ws/, and a word on health. Nothing else is served here."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import validate_host
from django.urls import path, re_path

from tickets.realtime.consumer import LiveConsumer
from tickets.realtime.hub import Hub

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def is_ours(origin: str, host: str) -> bool:
    """Whether a page of this origin may connect: one of PUBLIC_URL, or of the very host that was asked, on any port, if
    the site answers to it. A browser always says the origin; a page elsewhere cannot say another than its own.
    """
    try:
        asking, asked = urlsplit(origin), urlsplit(f"//{host}")
        name = asking.hostname
    except ValueError:
        return False
    if asking.scheme not in ("http", "https") or not name:
        return False
    if origin == "{0.scheme}://{0.netloc}".format(urlsplit(settings.PUBLIC_URL)):
        return True
    return name == asked.hostname and validate_host(name, settings.ALLOWED_HOSTS)


class OurPagesOnly:
    """Others are refused with 403 before the socket opens."""

    def __init__(self, inner: App) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        if is_ours(headers.get(b"origin", ""), headers.get(b"host", "")):
            await self.inner(scope, receive, send)
        else:
            await WebsocketDenier()(scope, receive, send)


class Lifespan:
    """The hub lives as long as the server."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})


class Health:
    """GET /healthz/: 200 while pages are told what is new, else 503. Anything else is not here."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/healthz/":
            status, body = (200, {"status": "ok"}) if self.hub.is_well else (503, {"status": "failing"})
        else:
            status, body = 404, {"status": "not found"}
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})


def build() -> Any:
    hub = Hub()
    sockets = URLRouter([path("ws/", LiveConsumer.as_asgi(hub=hub)), re_path("", WebsocketDenier.as_asgi())])
    return ProtocolTypeRouter(
        {"websocket": OurPagesOnly(sockets), "http": Health(hub), "lifespan": Lifespan(hub)}
    )
