from tickets.models.attachments import Attachment
from tickets.models.calendars import Calendar, CalendarException, CalendarHours
from tickets.models.categories import Category, CategoryField
from tickets.models.events import Event
from tickets.models.idempotency import IdempotencyKey
from tickets.models.links import TrackingLink
from tickets.models.macros import Macro
from tickets.models.messages import Message
from tickets.models.notices import Notice
from tickets.models.outbox import OutboxMail
from tickets.models.search import TicketSearch
from tickets.models.sla import EscalationStep, SlaPolicy, SlaTarget
from tickets.models.tickets import Ticket
from tickets.models.timers import Recalculation, StepTaken, Timer
from tickets.models.webhooks import OutboxCall, Webhook

__all__ = [
    "Attachment",
    "Calendar",
    "CalendarException",
    "CalendarHours",
    "Category",
    "CategoryField",
    "EscalationStep",
    "Event",
    "IdempotencyKey",
    "Macro",
    "Message",
    "Notice",
    "OutboxCall",
    "OutboxMail",
    "Recalculation",
    "SlaPolicy",
    "SlaTarget",
    "StepTaken",
    "Ticket",
    "TicketSearch",
    "Timer",
    "TrackingLink",
    "Webhook",
]
