"""Alarms to security officers: they stand in their pages until one has seen to it, and go out by mail at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import access
from accounts.choices import AuditKind
from accounts.models import AuditEntry, SecurityAlarm, User
from accounts.rules.capabilities import Capability, Role
from helpdesk.lib import clock


def raise_alarm(entry: AuditEntry) -> SecurityAlarm:
    """In the caller's transaction. The mails are written down in it and leave by the outbox."""
    alarm = SecurityAlarm.objects.create(kind=entry.kind, entry=entry.pk)
    for officer in officers():
        with override(officer.language):
            _mail(officer, entry)
    return alarm


def officers() -> list[User]:
    """Whoever is alarmed: the security officers; where there are none, the administrators."""
    staff = User.objects.filter(is_active=True)
    found = list(staff.filter(role=Role.SECURITY_OFFICER))
    return found or list(staff.filter(role=Role.ADMINISTRATOR))


def _mail(officer: User, entry: AuditEntry) -> None:
    """Names no customer and shows none of their data: that is read where access is checked."""
    what = str(AuditKind(entry.kind).label)
    lines: Iterable[str] = (
        _("Security alarm: %(what)s.") % {"what": what},
        _("Who: %(who)s") % {"who": entry.actor.display_name if entry.actor else _("the desk itself")},
        _("Entry of the audit log: %(number)s") % {"number": entry.pk},
        _("Please look at it now: %(address)s")
        % {"address": f"{settings.PUBLIC_URL}{reverse('workspace:audit_entry', args=[entry.pk])}"},
    )
    subject = _("Security alarm: %(what)s") % {"what": what}
    EmailMessage(subject, "\n\n".join(lines), to=[officer.email]).send()


def see_to(alarm: SecurityAlarm, *, by: User) -> None:
    """Say that it was looked at; the first who says so stands there."""
    access.require(by, Capability.VIEW_AUDIT)
    SecurityAlarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_at=clock.now(), seen_by=by)
