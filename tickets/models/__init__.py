from tickets.models.attachments import Attachment
from tickets.models.bulk import BulkItem, BulkRun
from tickets.models.calendars import Calendar, CalendarException, CalendarHours
from tickets.models.categories import Category, CategoryField
from tickets.models.classification import CategorySuggestion, Classifier
from tickets.models.correspondents import (
    AutomaticAnswer,
    DeadAddress,
    MailDestination,
    Participant,
    SenderRule,
)
from tickets.models.drafts import Draft, DraftFile
from tickets.models.emergencies import Emergency, OnCall
from tickets.models.events import Event
from tickets.models.idempotency import IdempotencyKey
from tickets.models.incoming import IncomingMail, Mailbox, MailCopy
from tickets.models.links import TrackingLink
from tickets.models.macros import Macro
from tickets.models.messages import Message
from tickets.models.notices import Notice
from tickets.models.outbox import OutboxMail
from tickets.models.privacy import LegalHold, PrivacyRequest
from tickets.models.proof import OutboxText, ProofChallenge, TicketProof
from tickets.models.relations import TicketLink
from tickets.models.retention import RetentionRule, RetentionRun
from tickets.models.routing import RoutingRule
from tickets.models.scams import ScamCampaign, ScamFeed, ScamKey, ScamReport
from tickets.models.search import TicketSearch
from tickets.models.send_gate import ForbiddenPhrase
from tickets.models.sla import EscalationStep, SlaPolicy, SlaTarget
from tickets.models.support_codes import SupportCall
from tickets.models.tickets import Ticket
from tickets.models.timers import Recalculation, StepTaken, Timer
from tickets.models.views import SavedView, TicketRead
from tickets.models.wallet import ActApproval, SensitiveAct, WalletCommand
from tickets.models.wallet_cores import ActPolicy, ActThreshold, WalletCore, WalletNonce
from tickets.models.webhooks import OutboxCall, Webhook

__all__ = [
    "ActApproval",
    "ActPolicy",
    "ActThreshold",
    "Attachment",
    "AutomaticAnswer",
    "BulkItem",
    "BulkRun",
    "Calendar",
    "CalendarException",
    "CalendarHours",
    "Category",
    "CategoryField",
    "CategorySuggestion",
    "Classifier",
    "DeadAddress",
    "Draft",
    "DraftFile",
    "Emergency",
    "EscalationStep",
    "Event",
    "ForbiddenPhrase",
    "IdempotencyKey",
    "IncomingMail",
    "LegalHold",
    "Macro",
    "MailCopy",
    "MailDestination",
    "Mailbox",
    "Message",
    "Notice",
    "OnCall",
    "OutboxCall",
    "OutboxMail",
    "OutboxText",
    "Participant",
    "PrivacyRequest",
    "ProofChallenge",
    "Recalculation",
    "RetentionRule",
    "RetentionRun",
    "RoutingRule",
    "SavedView",
    "ScamCampaign",
    "ScamFeed",
    "ScamKey",
    "ScamReport",
    "SenderRule",
    "SensitiveAct",
    "SlaPolicy",
    "SlaTarget",
    "StepTaken",
    "SupportCall",
    "Ticket",
    "TicketLink",
    "TicketProof",
    "TicketRead",
    "TicketSearch",
    "Timer",
    "TrackingLink",
    "WalletCommand",
    "WalletCore",
    "WalletNonce",
    "Webhook",
]
