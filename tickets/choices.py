"""The words that tables are keyed by. A value, once released, is kept: it stands in the database and in the API."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "new", _("new")
    OPEN = "open", _("open")
    PENDING = "pending", _("waiting for customer")
    ON_HOLD = "on_hold", _("waiting for third party")
    SOLVED = "solved", _("solved")
    CLOSED = "closed", _("closed")


#: Somebody still has to do something, we or the customer.
ACTIVE_STATUSES = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)


class Priority(models.IntegerChoices):
    """Stored as a number so that rows sort by urgency; higher is more urgent."""

    LOW = 10, _("low")
    NORMAL = 20, _("normal")
    HIGH = 30, _("high")
    URGENT = 40, _("urgent")

    @property
    def slug(self) -> str:
        return self.name.lower()

    @classmethod
    def from_slug(cls, slug: str) -> Priority:
        """``"high"`` to HIGH; KeyError for other words."""
        return cls[slug.upper()]


class Channel(models.TextChoices):
    WEB = "web", _("web form")
    EMAIL = "email", _("e-mail")
    CHAT = "chat", _("chat")
    PHONE = "phone", _("phone")
    SOCIAL = "social", _("social media")
    API = "api", _("API")
    IMPORT = "import", _("import")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("public reply")
    INTERNAL = "internal", _("internal note")


class ActorKind(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    STAFF = "staff", _("staff")
    SYSTEM = "system", _("system")


class FieldKind(models.TextChoices):
    TEXT = "text", _("one line of text")
    LONG_TEXT = "long_text", _("several lines of text")
    AMOUNT = "amount", _("amount of money with currency")
    DATETIME = "datetime", _("date and time")
    DATE = "date", _("date")
    CHOICE = "choice", _("one of a list")
    LAST4 = "last4", _("last four digits")
    TRANSACTION = "transaction", _("transaction number")
    PHONE_OR_EMAIL = "phone_or_email", _("phone or e-mail address")
    YES_NO = "yes_no", _("yes or no")


class EventKind(models.TextChoices):
    """What can happen to a ticket. ``docs/events.md`` describes each with its data."""

    OPENED = "opened", _("opened")
    REPLIED = "replied", _("replied")
    NOTED = "noted", _("note added")
    STATUS_CHANGED = "status_changed", _("status changed")
    ASSIGNED = "assigned", _("assigned")
    TEAM_CHANGED = "team_changed", _("moved to a team")
    PRIORITY_CHANGED = "priority_changed", _("priority changed")
    CATEGORY_CHANGED = "category_changed", _("category changed")
    TAGS_CHANGED = "tags_changed", _("tags changed")
    WATCHER_ADDED = "watcher_added", _("watcher added")
    WATCHER_REMOVED = "watcher_removed", _("watcher removed")
    LINK_REVOKED = "link_revoked", _("tracking links revoked")
    LINK_SENT = "link_sent", _("tracking link sent")
    FOLLOW_UP_OPENED = "follow_up_opened", _("follow-up opened")
    MERGED = "merged", _("merged into another case")
    MERGED_HERE = "merged_here", _("another case merged into this one")
    COMPLAINT_MARKED = "complaint_marked", _("marked as a complaint or not")
    MESSAGE_JUDGED = "message_judged", _("said whether a message waits for an answer")
    TIMER_STARTED = "timer_started", _("clock started")
    TIMER_PAUSED = "timer_paused", _("clock paused")
    TIMER_RESUMED = "timer_resumed", _("clock resumed")
    TIMER_MET = "timer_met", _("promise kept")
    TIMER_MISSED = "timer_missed", _("done after the promised time")
    TIMER_CHANGED = "timer_changed", _("clock recomputed")
    TIMER_CANCELLED = "timer_cancelled", _("clock cancelled")
    BREACHED = "breached", _("promised time passed")
    DUE_SOON = "due_soon", _("promised time near")
    ESCALATED = "escalated", _("escalated")
    MAIL_SENT = "mail_sent", _("mail sent")
    MAIL_FAILED = "mail_failed", _("mail not delivered")
    MAIL_BOUNCED = "mail_bounced", _("mail came back")
    REPLY_TAKEN_BACK = "reply_taken_back", _("reply taken back")
    SENDER_ACCEPTED = "sender_accepted", _("sender accepted")
    PARTICIPANT_ADDED = "participant_added", _("somebody in copy added")
    PARTICIPANT_REMOVED = "participant_removed", _("somebody in copy removed")
    FORWARDED = "forwarded", _("forwarded")
    UNMERGED = "unmerged", _("merging undone")
    UNMERGED_HERE = "unmerged_here", _("merging of another case undone")
    SPLIT_OFF = "split_off", _("message made a case of its own")
    SPLIT_FROM = "split_from", _("made from a message of another case")
    LINKED = "linked", _("linked to another case")
    UNLINKED = "unlinked", _("link to another case removed")
    MENTIONED = "mentioned", _("somebody mentioned")
    ROUTED = "routed", _("routed")
    HANDED_BACK = "handed_back", _("handed back")
    MACRO_APPLIED = "macro_applied", _("macro applied")
    SECRET_REMOVED = "secret_removed", _("secret removed")
    FILE_QUARANTINED = "file_quarantined", _("file put in quarantine")
    FILE_RELEASED = "file_released", _("file released")
    CODE_SENT = "code_sent", _("code sent to prove the contact")
    CODE_FAILED = "code_failed", _("wrong code given")
    VERIFIED = "verified", _("customer verified")
    VERIFICATION_ENDED = "verification_ended", _("verification withdrawn")
    SUPPORT_CODE_GIVEN = "support_code_given", _("proof that it is us given")
    ACT_REQUESTED = "act_requested", _("sensitive act asked for")
    ACT_APPROVED = "act_approved", _("sensitive act approved")
    ACT_REFUSED = "act_refused", _("sensitive act refused")
    ACT_WITHDRAWN = "act_withdrawn", _("sensitive act withdrawn")
    ACT_EXPIRED = "act_expired", _("sensitive act expired")
    ACT_DONE = "act_done", _("sensitive act carried out")
    ACT_FAILED = "act_failed", _("sensitive act not carried out")
    EMERGENCY_OPENED = "emergency_opened", _("emergency reported")
    EMERGENCY_TAKEN = "emergency_taken", _("emergency taken")
    CALL_BACK_ASKED = "call_back_asked", _("call back asked for")
    CALLED_BACK = "called_back", _("called back")
    SCAM_REPORTED = "scam_reported", _("scam reported")
    PERSON_ERASED = "person_erased", _("personal data erased")


class TimerKind(models.TextChoices):
    """What is promised. The order is the one in which people read them."""

    FIRST_RESPONSE = "first_response", _("first reply")
    NEXT_RESPONSE = "next_response", _("next reply")
    PERIODIC_UPDATE = "periodic_update", _("regular update")
    RESOLUTION = "resolution", _("solution")


#: A ticket has one of these, started when it is opened; the others come and go with what is said.
LASTING_KINDS = (TimerKind.FIRST_RESPONSE, TimerKind.RESOLUTION)


class Counting(models.TextChoices):
    """What a promised time is counted in."""

    WORKING = "working", _("working time")
    ELAPSED = "elapsed", _("time on the clock, day and night")


class Complaints(models.TextChoices):
    """Which cases a policy is for."""

    ANY = "any", _("complaints or not")
    ONLY = "only", _("complaints only")
    NOT = "not", _("all but complaints")


class TimerState(models.TextChoices):
    RUNNING = "running", _("running")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")


class ClockReason(models.TextChoices):
    """Why a clock was started, paused, changed or stopped."""

    OPENED = "opened", _("opened")
    CUSTOMER_WROTE = "customer_wrote", _("the customer wrote")
    OUR_REPLY = "our_reply", _("we replied")
    WAITING_FOR_CUSTOMER = "waiting_for_customer", _("waiting for the customer")
    WAITING_FOR_THIRD_PARTY = "waiting_for_third_party", _("waiting for a third party")
    WENT_ON = "went_on", _("work went on")
    ANSWERED = "answered", _("answered")
    SOLVED = "solved", _("solved")
    REOPENED = "reopened", _("reopened")
    PRIORITY_CHANGED = "priority_changed", _("priority changed")
    CATEGORY_CHANGED = "category_changed", _("category changed")
    TEAM_CHANGED = "team_changed", _("moved to another team")
    TIER_CHANGED = "tier_changed", _("customer tier changed")
    COMPLAINT_CHANGED = "complaint_changed", _("changed to or from a complaint")
    MERGED = "merged", _("merged")
    RECALCULATED = "recalculated", _("recalculated")
    JUDGED = "judged", _("judged by hand")
    NO_LONGER_PROMISED = "no_longer_promised", _("no longer promised")
    WITHDRAWN = "withdrawn", _("withdrawn")
    TAKEN_BACK = "taken_back", _("a reply was taken back")
    UNDONE = "undone", _("an act was undone")


class EscalationAct(models.TextChoices):
    TELL_ASSIGNEE = "tell_assignee", _("tell the assignee")
    TELL_LEAD = "tell_lead", _("tell the team lead")
    TELL_MANAGER = "tell_manager", _("tell the manager")
    TELL_PERSON = "tell_person", _("tell a named person")
    RAISE_PRIORITY = "raise_priority", _("raise the priority")
    MOVE_TO_TEAM = "move_to_team", _("move to a team")
    ASSIGN = "assign", _("assign to a person")
    ADD_NOTE = "add_note", _("write an internal note")
    CALL_WEBHOOK = "call_webhook", _("call a webhook")


class ActKind(models.TextChoices):
    """A sensitive act: what a customer could be robbed by. ``tickets/rules/wallet.py`` says what each needs."""

    FREEZE = "freeze", _("freeze the account")
    UNFREEZE = "unfreeze", _("unfreeze the account")
    REFUND = "refund", _("pay back")
    UNBIND_PHONE = "unbind_phone", _("unbind the phone")
    UNBIND_CARD = "unbind_card", _("unbind a bank card")
    RESET_SECOND_FACTOR = "reset_second_factor", _("reset the second factor")
    RAISE_LIMIT = "raise_limit", _("raise a limit")
    OVERRIDE_KYC = "override_kyc", _("override the real-name check")


class ActReason(models.TextChoices):
    """Why a sensitive act is asked for; which fit which kind, ``tickets/rules/wallet.py`` says."""

    STOLEN_PHONE = "stolen_phone", _("phone stolen or lost")
    STOLEN_ACCOUNT = "stolen_account", _("account taken over")
    STRANGE_PAYMENTS = "strange_payments", _("payments that the customer did not make")
    SECRET_EXPOSED = "secret_exposed", _("a secret was given away")
    CUSTOMER_ASKS = "customer_asks", _("the customer asks for it")
    OWNER_AGAIN = "owner_again", _("back in the hands of its owner")
    NO_FRAUD_FOUND = "no_fraud_found", _("checked, no fraud found")
    FROZEN_BY_MISTAKE = "frozen_by_mistake", _("frozen by mistake")
    CHARGED_TWICE = "charged_twice", _("charged twice")
    NOT_ARRIVED = "not_arrived", _("money did not arrive")
    WRONG_AMOUNT = "wrong_amount", _("wrong amount")
    FRAUD = "fraud", _("fraud")
    GOODWILL = "goodwill", _("goodwill")
    NEW_NUMBER = "new_number", _("the number is no longer theirs")
    NEW_CARD = "new_card", _("the card is no longer used")
    NEW_DEVICE = "new_device", _("new device, the old one is not there")
    HIGHER_NEED = "higher_need", _("needs more, income or origin shown")
    WRONGLY_REFUSED = "wrongly_refused", _("documents refused by mistake")
    OTHER = "other", _("another reason, said in words")


class WalletWord(models.TextChoices):
    """What the wallet core says of an act. ``docs/wallet-gateway.md`` describes each."""

    DONE = "done", _("carried out")
    REFUSED = "refused", _("refused")
    PENDING = "pending", _("being carried out")
    UNHEARD = "unknown", _("never heard of it")


class ActState(models.TextChoices):
    """How far a sensitive act is. ``tickets/rules/wallet_states.py`` says which may follow which."""

    REQUESTED = "requested", _("waits for approval")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    SENDING = "sending", _("being carried out")
    UNKNOWN = "unknown", _("outcome is being clarified")
    DONE = "done", _("carried out")
    FAILED = "failed", _("refused by the wallet")


#: Something may still come of it: an account has one such act of a kind at most.
OPEN_ACT_STATES = (ActState.REQUESTED, ActState.APPROVED, ActState.SENDING, ActState.UNKNOWN)


class MailPurpose(models.TextChoices):
    """Which words a mail carries; each has its templates."""

    RECEIPT = "receipt", _("receipt")
    REPLY = "reply", _("reply")
    SOLVED = "solved", _("solved")
    ESCALATION = "escalation", _("escalation")
    DIGEST = "digest", _("several escalations")
    NOTICE = "notice", _("notice to staff")
    LINK = "link", _("tracking link")
    COPY = "copy", _("copy of a reply")
    INCOMPLETE = "incomplete", _("part of a mail did not arrive")
    CHECK = "check", _("check of the mail path")
    READY_MADE = "ready_made", _("ready-made mail")
    FORWARD = "forward", _("forwarded conversation")
    SECRET = "secret", _("what to do about a secret sent to us")
    CODE = "code", _("code to prove the contact")
    ACT = "act", _("what became of a sensitive act")
    EMERGENCY = "emergency", _("what was done in an emergency")
    PRIVACY = "privacy", _("answer to a request about personal data")


class RunState(models.TextChoices):
    """How far a piece of work in the background is."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class MailState(models.TextChoices):
    QUEUED = "queued", _("queued")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    #: Taken by the mail server, and sent back by another on the way.
    BOUNCED = "bounced", _("came back")


class MailWay(models.TextChoices):
    """How a mail came in."""

    SMTP = "smtp", _("SMTP server")
    LMTP = "lmtp", _("LMTP server")
    IMAP = "imap", _("mailbox (IMAP)")
    PIPE = "pipe", _("pipe")
    HTTP = "http", _("HTTP")


class IncomingState(models.TextChoices):
    """How far an incoming mail is. The raw bytes are kept in each."""

    STORED = "stored", _("stored, not read yet")
    DONE = "done", _("taken in")
    SET_ASIDE = "set_aside", _("not a ticket")
    QUARANTINED = "quarantined", _("could not be read")


class RawState(models.TextChoices):
    """What became of the raw copy of a mail when it was looked through for secrets."""

    PENDING = "pending", _("not looked through yet")
    CLEAN = "clean", _("as it came")
    REWRITTEN = "rewritten", _("rewritten without its secrets")
    DESTROYED = "destroyed", _("destroyed, because it held a secret that could not be taken out")
    #: No key of MAIL_KEYS opens it.
    SEALED = "sealed", _("cannot be opened")


class FileState(models.TextChoices):
    """Whether a file may be handed out."""

    READY = "ready", _("ready")
    WAITING = "waiting", _("being checked for viruses")
    QUARANTINED = "quarantined", _("in quarantine")
    DELETED = "deleted", _("deleted from quarantine")


class MailOutcome(models.TextChoices):
    """What an incoming mail that was taken in became."""

    OPENED = "opened", _("a new ticket")
    JOINED = "joined", _("a message on a ticket")
    LOGGED = "logged", _("an automatic mail, logged on a ticket")
    REPORT = "report", _("a delivery report about a mail of ours")
    DUPLICATE = "duplicate", _("a mail that had come before")
    CHECK = "check", _("a check of the mail path")


class AsideReason(models.TextChoices):
    """Why a mail is not a ticket, unless somebody rescues it."""

    BLOCKED = "blocked", _("the sender is blocked")
    TOO_MANY = "too_many", _("too many mails from this sender")
    AUTOMATIC = "automatic", _("an automatic mail that belongs to no ticket")
    LIST = "list", _("a mailing list or bulk mail")
    OURSELVES = "ourselves", _("from an address of our own")
    REPORT = "report", _("a delivery report about no mail of ours")
    DISMISSED = "dismissed", _("said by hand")


class Proof(models.TextChoices):
    """Whether a mail was proved to come from the address it names."""

    PROVED = "proved", _("proved")
    FAILED = "failed", _("refuted")
    NOTHING = "nothing", _("not proved")


class Fetching(models.TextChoices):
    """Who brings the mail of an address to us."""

    DELIVERED = "delivered", _("delivered to us (SMTP, LMTP, pipe or HTTP)")
    IMAP = "imap", _("fetched by us (IMAP)")


class Tls(models.TextChoices):
    SSL = "ssl", _("TLS from the start (993)")
    STARTTLS = "starttls", _("STARTTLS (143)")
    NONE = "none", _("none: only on this machine")


class SenderVerdict(models.TextChoices):
    BLOCK = "block", _("block: never a ticket")
    ALLOW = "allow", _("allow: never taken for bulk, no limit")


class Nature(models.TextChoices):
    """What a customer's message is to our clocks. Only what has substance asks for an answer."""

    SUBSTANCE = "substance", _("asks for an answer")
    THANKS = "thanks", _("a mere thank-you")
    AUTOMATIC = "automatic", _("an automatic mail")


class BreachCause(models.TextChoices):
    """Why a promise was broken; ``rules/breaches.py`` asks in this order, and the first that fits is it."""

    NOBODY = "nobody", _("nobody had it")
    HANDED_AROUND = "handed_around", _("moved between teams")
    THIRD_PARTY = "third_party", _("waited for a third party")
    SHORTENED = "shortened", _("the promise became shorter")
    REOPENED = "reopened", _("opened again")
    TAKEN_LATE = "taken_late", _("somebody took it late")
    ANSWERED_LATE = "answered_late", _("somebody had it, and it was late all the same")


class Noise(models.TextChoices):
    """What a mail is when no person wrote it to us in words of their own."""

    REPORT = "report", _("a delivery report")
    AUTO_REPLY = "auto_reply", _("an automatic reply")
    AUTO_GENERATED = "auto_generated", _("written by a machine")
    LIST = "list", _("by way of a mailing list")
    BULK = "bulk", _("sent in bulk")
    OURSELVES = "ourselves", _("from one of our own addresses")
    NULL_SENDER = "null_sender", _("without a sender to answer")


class NoticeKind(models.TextChoices):
    """Why a member of staff is told of something; each may be switched on and off by the person."""

    ESCALATION = "escalation", _("an escalation names me")
    ASSIGNED = "assigned", _("a case was given to me")
    MENTIONED = "mentioned", _("somebody mentions me")
    REPLIED = "replied", _("a customer answered on a case of mine")
    WATCHED = "watched", _("something is said on a case that I watch")
    DUE_SOON = "due_soon", _("a promise of a case of mine is due soon")
    BREACHED = "breached", _("a promise of a case of mine is broken")
    MAIL_FAILED = "mail_failed", _("a mail of a case of mine did not arrive")
    TO_APPROVE = "to_approve", _("a sensitive act waits for approval")
    ACT_DECIDED = "act_decided", _("a sensitive act that I asked for was decided or carried out")
    EMERGENCY = "emergency", _("an emergency waits for somebody")


class AccountKind(models.TextChoices):
    """By what somebody names an account on the emergency page."""

    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    NUMBER = "number", _("account number")


class Situation(models.TextChoices):
    """What happened, in an emergency. The order is the one in which people read them."""

    PHONE_STOLEN = "phone_stolen", _("My phone is stolen or lost")
    INTRUDER = "intruder", _("Somebody else is in my account")
    MONEY_GONE = "money_gone", _("Money left without me")
    GAVE_AWAY = "gave_away", _("I gave somebody a code, a recovery phrase or my password")


class Freeze(models.TextChoices):
    """How far the freezing of an account is that was asked for in an emergency."""

    WAITING = "waiting", _("waits for a person to freeze it")
    ASKED = "asked", _("being frozen")
    DONE = "done", _("frozen")
    FAILED = "failed", _("could not be frozen")


class ScamKind(models.TextChoices):
    """What was reported as part of a fraud."""

    LINK = "link", _("link or web address")
    PHONE = "phone", _("phone number")
    EMAIL = "email", _("e-mail address")
    ACCOUNT = "account", _("account in a social network")
    WALLET = "wallet", _("wallet address")
    PICTURE = "picture", _("picture")


class ScamState(models.TextChoices):
    """What became of a campaign of frauds."""

    NEW = "new", _("to be judged")
    CONFIRMED = "confirmed", _("a fraud")
    PUBLISHED = "published", _("a fraud, shown to customers")
    DISMISSED = "dismissed", _("no fraud")


class LinkKind(models.TextChoices):
    """How a case stands to another."""

    RELATED = "related", _("related to")
    DUPLICATE = "duplicate", _("a duplicate of")
    CAUSED_BY = "caused_by", _("caused by")


class Markup(models.TextChoices):
    """How the text of a message is to be read."""

    PLAIN = "plain", _("plain text")
    MARKDOWN = "markdown", _("Markdown")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("reply")
    NOTE = "note", _("internal note")
    FORWARD = "forward", _("forward")


class AssigneeAct(models.TextChoices):
    """Whom a macro gives the case to."""

    KEEP = "keep", _("leave it as it is")
    ME = "me", _("whoever uses the macro")
    NOBODY = "nobody", _("nobody")


class BulkAct(models.TextChoices):
    """What may be done to many tickets at once."""

    ASSIGN = "assign", _("assign")
    TEAM = "team", _("move to a team")
    STATUS = "status", _("set the status")
    PRIORITY = "priority", _("set the priority")
    CATEGORY = "category", _("set the category")
    ADD_TAGS = "add_tags", _("add tags")
    REMOVE_TAGS = "remove_tags", _("remove tags")
    MACRO = "macro", _("apply a macro")
    REPLY = "reply", _("reply")
    NOTE = "note", _("write a note")


class BulkItemState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("nothing to do")
    FAILED = "failed", _("refused")
    UNDONE = "undone", _("undone")
    KEPT = "kept", _("changed since, left as it is")


class PrivacyKind(models.TextChoices):
    """What is asked for about one person's data."""

    EXPORT = "export", _("a copy of the data")
    ERASE = "erase", _("erasure of the person")


class PrivacyState(models.TextChoices):
    """How far a request about one person's data is."""

    ASKED = "asked", _("waits for a decision")
    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("failed")


class PrivacyRefusal(models.TextChoices):
    """Why a person is not erased. In the order in which they are said."""

    LEGAL_HOLD = "legal_hold", _("a legal hold keeps the data")
    OPEN_CASES = "open_cases", _("a case is still open")
    OPEN_ACTS = "open_acts", _("a sensitive act is under way")
    OTHER_BRANDS = "other_brands", _("there are cases with brands that you do not serve")
    DUTY = "duty", _("a law obliges us to keep it")
    NOT_THEM = "not_them", _("it was not shown who asks")
    UNFOUNDED = "unfounded", _("the request is unfounded or repeated")
