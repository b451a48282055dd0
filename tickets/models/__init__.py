from tickets.models.attachments import Attachment
from tickets.models.calendars import Calendar, CalendarException, CalendarHours
from tickets.models.categories import Category, CategoryField
from tickets.models.correspondents import (
    AutomaticAnswer,
    DeadAddress,
    MailDestination,
    Participant,
    SenderRule,
)
from tickets.models.events import Event
from tickets.models.idempotency import IdempotencyKey
from tickets.models.incoming import IncomingMail, Mailbox, MailCopy
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
    "AutomaticAnswer",
    "Calendar",
    "CalendarException",
    "CalendarHours",
    "Category",
    "CategoryField",
    "DeadAddress",
    "EscalationStep",
    "Event",
    "IdempotencyKey",
    "IncomingMail",
    "Macro",
    "MailCopy",
    "MailDestination",
    "Mailbox",
    "Message",
    "Notice",
    "OutboxCall",
    "OutboxMail",
    "Participant",
    "Recalculation",
    "SenderRule",
    "SlaPolicy",
    "SlaTarget",
    "StepTaken",
    "Ticket",
    "TicketSearch",
    "Timer",
    "TrackingLink",
    "Webhook",
]
