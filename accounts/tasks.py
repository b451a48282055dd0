"""The audit log by the clock. Each calls one action."""

from celery import shared_task

from accounts.actions import audit_trimming, audit_verifying, sealing
from accounts.models import User


@shared_task(name="accounts.seal_audit")
def seal_audit() -> None:
    sealing.seal()


# A million entries take half a minute; a log of years may take hours.
@shared_task(name="accounts.verify_audit", soft_time_limit=4 * 3600, time_limit=4 * 3600 + 60)
def verify_audit(by: int | None = None) -> None:
    """``by``: whoever asked for it on the page."""
    audit_verifying.verify_and_tell(by=User.objects.filter(pk=by).first() if by else None)


@shared_task(name="accounts.trim_audit", soft_time_limit=3600, time_limit=3660)
def trim_audit() -> None:
    audit_trimming.trim()
