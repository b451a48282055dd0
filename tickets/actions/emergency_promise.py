"""What is promised to whoever reports an emergency: minutes, day and night. There from the first start on.

An operator who changes it, makes a new version, or switches it off is obeyed: it is made only where none ever was.
"""

from __future__ import annotations

from django.db import transaction

from accounts.models import Brand
from helpdesk.lib import clock
from tickets.choices import Counting, EscalationAct, TimerKind
from tickets.models import EscalationStep, SlaPolicy, SlaTarget

NAME = "紧急通道 24×7 · Emergency page 24×7"
REMARK = "紧急页面报来的情况：全天受理，按自然时间计。 Reported on the emergency page: day and night, on the clock."
#: In minutes.
TARGETS = {
    TimerKind.FIRST_RESPONSE: 5,
    TimerKind.NEXT_RESPONSE: 30,
    TimerKind.PERIODIC_UPDATE: 120,
    TimerKind.RESOLUTION: 24 * 60,
}
#: (promise, percent used up or None, minutes after the end, act)
STEPS = (
    (TimerKind.FIRST_RESPONSE, None, 0, EscalationAct.TELL_LEAD),
    (TimerKind.FIRST_RESPONSE, None, 5, EscalationAct.TELL_MANAGER),
    (TimerKind.NEXT_RESPONSE, None, 0, EscalationAct.TELL_ASSIGNEE),
    (TimerKind.NEXT_RESPONSE, None, 15, EscalationAct.TELL_LEAD),
    (TimerKind.PERIODIC_UPDATE, None, 0, EscalationAct.TELL_ASSIGNEE),
    (TimerKind.RESOLUTION, 80, 0, EscalationAct.TELL_LEAD),
    (TimerKind.RESOLUTION, None, 0, EscalationAct.TELL_MANAGER),
)


@transaction.atomic
def ensure() -> bool:
    """Enter the promise where there was never one; whether it was entered now."""
    if SlaPolicy.objects.filter(is_for_emergencies=True).exists():
        return False
    policy = SlaPolicy.objects.create(
        name=NAME, position=1, is_for_emergencies=True, pauses_on=[], remark=REMARK
    )
    SlaTarget.objects.bulk_create(
        SlaTarget(policy=policy, kind=kind, minutes=minutes, counting=Counting.ELAPSED)
        for kind, minutes in TARGETS.items()
    )
    for kind, percent, after, act in STEPS:
        EscalationStep.objects.create(
            policy=policy, kind=kind, at_percent=percent, after_minutes=after, act=act
        )
    return True


def policy_for(brand: Brand) -> int | None:
    """The promise that holds for an emergency of this brand now; None where an operator switched it off."""
    ensure()
    now = clock.now()
    rows = SlaPolicy.objects.filter(is_for_emergencies=True, is_active=True).order_by("position", "pk")
    for policy in rows.prefetch_related("brands"):
        brands = {row.pk for row in policy.brands.all()}
        from_then = policy.valid_from is None or policy.valid_from <= now
        until_then = policy.valid_until is None or now < policy.valid_until
        if from_then and until_then and (not brands or brand.pk in brands):
            return policy.pk
    return None
