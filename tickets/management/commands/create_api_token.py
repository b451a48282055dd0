"""``manage.py create_api_token EMAIL --name … --scope …``: prints the secret, once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.actions import api_tokens
from accounts.models import User
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid


class Command(BaseCommand):
    help = "Issue an API token that acts as somebody. The secret is printed now and never again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="log-in as whom the token acts")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument(
            "--scope", action="append", required=True, choices=Scope.values, help="may be given several times"
        )
        parser.add_argument("--days", type=int, help="how long it holds; without, until it is revoked")

    def handle(self, *, email: str, name: str, scope: list[str], days: int | None, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody logs in as {email}.")
        expires_at = clock.now() + timedelta(days=days) if days is not None else None
        with translation.override("en"):
            try:
                issued = api_tokens.issue(user=user, name=name, scopes=scope, expires_at=expires_at, by=None)
            except Invalid as problem:
                raise CommandError(
                    "; ".join(f"{key}: {text}" for key, text in problem.fields.items())
                ) from problem
        self.stdout.write(issued.secret)
