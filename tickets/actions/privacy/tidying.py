"""What privacy itself leaves behind: addresses of the last mails to people who were erased, and old copies."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from helpdesk.lib import clock
from tickets.choices import MailPurpose, MailState, PrivacyKind, PrivacyState
from tickets.gateways.storage import private_storage
from tickets.models import OutboxMail, PrivacyRequest

LEFT = (MailState.SENT, MailState.FAILED, MailState.BOUNCED)
SOME = 200
FOLDER = "exports"
#: Younger files may belong to a copy that is being made.
YOUNGEST = timedelta(days=1)


def forget_addresses() -> int:
    """Mails about requests of people who were erased lose their address once the last of them left; of how many."""
    told = PrivacyRequest.objects.filter(
        kind=PrivacyKind.ERASE, state=PrivacyState.DONE, answer__state__in=LEFT
    ).order_by("pk")[:SOME]
    done = 0
    for request in told:
        with transaction.atomic():
            done += _forget(request.customer_id)
    return done


def _forget(customer: int) -> int:
    requests = PrivacyRequest.objects.filter(customer=customer)
    for pk in requests.values_list("pk", flat=True):
        mails = OutboxMail.objects.filter(cause__startswith=f"{MailPurpose.PRIVACY}:{pk}:")
        mails.update(to="", to_name="", context={}, last_error="")
    requests.update(answer=None)
    return 1


def forget_archives() -> int:
    """Remove the copies whose time is over; how many. The file goes first: killed between, it is done again."""
    old = PrivacyRequest.objects.filter(archive_until__lte=clock.now())[:SOME]
    done = 0
    for request in old:
        if request.archive:
            request.archive.storage.delete(str(request.archive.name))
        PrivacyRequest.objects.filter(pk=request.pk).update(archive="", archive_until=None)
        done += 1
    return done


def forget_lost_archives() -> int:
    """Copies whose maker was killed before a row named them; how many."""
    storage, done = private_storage(), 0
    for folder in _listed(FOLDER)[0]:
        names = {f"{FOLDER}/{folder}/{name}" for name in _listed(f"{FOLDER}/{folder}")[1]}
        known = PrivacyRequest.objects.filter(archive__in=names).values_list("archive", flat=True)
        for name in names.difference(known):
            if clock.now() - storage.get_modified_time(name) > YOUNGEST:
                storage.delete(name)
                done += 1
    return done


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return private_storage().listdir(folder)
    except FileNotFoundError:
        return [], []
