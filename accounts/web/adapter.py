"""How allauth's pages and mails fit into this site."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Brand, User
from accounts.web import refusals
from accounts.web.brands import find_brand
from helpdesk.lib.guarding import guarded


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    _tried = ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._tried = str(credentials.get("email") or "")
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Made where the log-in's lock holds, of passwords and of codes alike: the audit log hears of it."""
        if code == "too_many_login_attempts":
            refusals.locked_out(self.request, email=self._tried)
        problem: ValidationError = super().validation_error(code, *args)
        return problem

    def clean_email(self, email: str) -> str:
        """allauth has put it into small letters, in which nobody would know a key: what was typed is looked at."""
        typed = str(self.request.POST.get("email", email)) if self.request else email
        if guarded(typed) != typed or guarded(email) != email:
            raise ValidationError(_("This address holds what must not be stored here. Use another one."))
        return str(super().clean_email(email))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff go to work, customers to their cases."""
        if isinstance(request.user, User) and request.user.is_staff:
            return reverse("admin:index")
        brand = find_brand(request)
        return reverse("portal:cases", args=[brand.slug]) if brand else settings.LOGIN_REDIRECT_URL

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        brand = find_brand(request)
        return reverse("portal:front", args=[brand.slug]) if brand else "/"

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """In the language of the person who gets it, signed by the brand they came to."""
        user = context.get("user")
        language = user.language if isinstance(user, User) else None
        brand = find_brand(self.request) if self.request else None
        with override(language) if language else override(_active()):
            if brand:
                context = context | {"brand": brand, "current_site": _Site(brand)}
            message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        if brand:
            message.from_email = formataddr((brand.name_en or brand.name, brand.email))
        return message


def _active() -> str | None:
    from django.utils.translation import get_language

    return get_language()


class _Site:
    """What allauth's mails call the site: the brand, not a host name."""

    def __init__(self, brand: Brand) -> None:
        self.name = brand.name
        self.domain = brand.host or settings.PUBLIC_URL.partition("://")[2]
