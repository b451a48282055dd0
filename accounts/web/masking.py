"""The last thing that happens to an answer for staff: contact data in it are masked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from accounts.masking import Noted, noting, ours
from accounts.models import Customer
from accounts.queries.reveals import revealed_to
from accounts.rules.masking import Hit, has_candidates, hits, replaced

DOORS = ("/admin/", "/api/")
_TEXTS = ("text/html", "text/csv", "text/plain", "application/json", "application/problem+json")
#: Whoever answers for it says so on the response: what an officer exports about one person, say.
UNMASKED = "_shows_contact_data"
OURS_KEPT_SECONDS = 60
_ATTRIBUTE = re.compile(r"""([\w:-]+)\s*=\s*("[^"]*|'[^']*)$""")


class MaskingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(DOORS):
            return self.get_response(request)
        with noting(Noted()) as noted:
            response = self.get_response(request)
            if not _is_for_masking(request, response):
                return response
            mask = Mask(request, noted)
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = _stream(response.streaming_content, mask)
                return response
            charset = response.charset or "utf-8"
            before = response.content.decode(charset, "surrogateescape")
            after = mask(before)
            if after is not before:
                response.content = after.encode(charset, "surrogateescape")
                if response.has_header("Content-Length"):
                    response["Content-Length"] = str(len(response.content))
        return response


def _is_for_masking(request: HttpRequest, response: HttpResponse) -> bool:
    """By whoever asked: a token's person is known only after the view has run."""
    user = getattr(request, "user", None)
    kind = response.get("Content-Type", "").partition(";")[0]
    is_file = isinstance(response, StreamingHttpResponse) and kind != "text/csv"
    return (
        not is_file
        and kind in _TEXTS
        and bool(getattr(user, "is_staff", False))
        and not getattr(response, UNMASKED, False)
    )


def _stream(chunks: Iterable[bytes], mask: Mask) -> Iterator[bytes]:
    """Line by line; rows are loaded while it runs."""
    left = iter(chunks)
    while True:
        with noting(mask.noted):
            chunk = next(left, None)
            if chunk is None:
                return
            shown = mask(chunk.decode()).encode()
        yield shown


class Mask:
    """Masks texts of one answer."""

    def __init__(self, request: HttpRequest, noted: Noted) -> None:
        self.request, self.noted = request, noted
        self._shown: dict[int, bool] = {}

    def __call__(self, text: str) -> str:
        noted = self.noted
        said = noted.known or noted.unloaded or noted.others or noted.numbers or noted.handles
        if not said or not has_candidates(text):
            return text
        self._complete()
        found = hits(text, noted.known)
        if not found:
            return text
        self._look_up({hit.owner for hit in found})
        inside = _Inside(text, self.request)
        return replaced(text, (hit for hit in found if not (self._shown[hit.owner] or inside.may_stay(hit))))

    def _complete(self) -> None:
        """What the rows that were loaded did not tell."""
        noted = self.noted
        missing = noted.unloaded - noted.loaded
        if missing:
            list(Customer.objects.filter(pk__in=missing))  # each notes itself
            noted.loaded |= missing
        if noted.others:
            for email in noted.others - set(noted.known.emails) - _ours():
                noted.known.add_email(email, 0)
            noted.others = set()
        if noted.numbers:
            for number in noted.numbers - set(noted.known.phones) - _ours():
                noted.known.add_number(number, 0)
            noted.numbers = set()
        for handle in noted.handles:
            noted.known.add_handle(handle, 0)
        noted.handles = set()

    def _look_up(self, owners: set[int]) -> None:
        """Other people of a case are shown with its customer, on pages about one customer."""
        new = owners - set(self._shown)
        if not new:
            return
        user, match = getattr(self.request, "user", None), self.request.resolver_match
        page = str(match.kwargs.get("number", "")) if match is not None else ""
        customers = self.noted.loaded | owners
        shown = (
            revealed_to(user.pk, page, customers - {0}) if user is not None and user.pk and page else set()
        )
        alone = len(self.noted.loaded) == 1 and bool(shown)
        self._shown |= {owner: owner in shown or (owner == 0 and alone) for owner in new}


def _ours() -> set[str]:
    found = cache.get("masking:ours")
    if found is None:
        found = sorted(ours())
        cache.set("masking:ours", found, timeout=OURS_KEPT_SECONDS)
    return set(found)


class _Inside:
    """What somebody typed stays theirs: in the fields of a form, and in addresses that carry it along."""

    def __init__(self, text: str, request: HttpRequest) -> None:
        self._text, self._request = text, request
        self._is_html = text.lstrip()[:1] == "<"
        self._said: str | None = None

    def may_stay(self, hit: Hit) -> bool:
        if not self._is_html:
            return False
        text = self._text
        opened = text.rfind("<", 0, hit.start)
        if opened < text.rfind(">", 0, hit.start):
            # What they write themselves, and wrote before: masked there, it would be sent so.
            return text.rfind("<textarea", 0, hit.start) > text.rfind("</textarea", 0, hit.start)
        if " data-own " in text[opened : hit.start]:
            return True  # a field that holds what they typed before
        attribute = _ATTRIBUTE.search(text[opened : hit.start])
        return attribute is not None and attribute[1] not in _READ_ALOUD and self._typed(hit)

    def _typed(self, hit: Hit) -> bool:
        if self._said is None:
            request = self._request
            typed = [*request.GET.values(), *request.POST.values(), request.headers.get("HX-Current-URL", "")]
            parts = [str(part) for part in typed]
            self._said = "\n".join(parts).lower().replace("%40", "@")
        return hit.key in self._said or hit.key in "".join(filter(str.isdigit, self._said))


#: What is shown or told of an attribute is a text like any other.
_READ_ALOUD = frozenset({"title", "aria-label", "alt", "content", "data-copy"})
