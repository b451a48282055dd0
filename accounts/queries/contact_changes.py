"""Who changed a customer's contact data?"""

from __future__ import annotations

from accounts.models import ContactChange


def last_changer(customer: int) -> int | None:
    """The member of staff who set or changed them last, by ``contact_change_last``. The trigger
    ``act_approval_comes`` asks the same."""
    rows = ContactChange.objects.filter(customer_id=customer, by__isnull=False)
    return rows.order_by("-id").values_list("by_id", flat=True).first()
