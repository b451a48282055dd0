"""The words that tables of people are keyed by. A value, once released, is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """How much a customer means to the company; promises may differ by it."""

    STANDARD = "standard", _("standard")
    PREMIUM = "premium", _("premium")
    VIP = "vip", _("VIP")


class Digest(models.IntegerChoices):
    """How often a member of staff gets the notices that have gathered, in minutes."""

    AT_ONCE = 0, _("at once, one by one")
    QUARTER = 15, _("every quarter of an hour")
    HALF_HOUR = 30, _("every half hour")
    HOUR = 60, _("every hour")
    FOUR_HOURS = 240, _("every four hours")
    DAY = 1440, _("once a day")


class AssignmentMode(models.TextChoices):
    """How a team's new cases find their person."""

    PULL = "pull", _("people take the next case themselves")
    ROUND_ROBIN = "round_robin", _("in turn, to whoever got one the longest ago")
    LEAST_LOADED = "least_loaded", _("to whoever has the most room left")


class Density(models.TextChoices):
    """How close the rows of lists stand."""

    COMFORTABLE = "comfortable", _("comfortable")
    COMPACT = "compact", _("compact")


class VerificationLevel(models.IntegerChoices):
    """How surely somebody is who they say; a higher level includes the lower ones."""

    NONE = 0, _("not verified")
    CONTACT = 10, _("contact proved")
    DOCUMENT = 20, _("document checked")
    IN_PERSON = 30, _("in person")


class VerificationMethod(models.TextChoices):
    """How somebody was found to be who they say."""

    MAIL_CODE = "mail_code", _("code sent to the e-mail address on record")
    PHONE_CODE = "phone_code", _("code sent to the phone on record")
    CALL_BACK = "call_back", _("called back on the number on record")
    DOCUMENT = "document", _("identity document checked")
    IN_PERSON = "in_person", _("came in person, with a document")


class ContactWay(models.TextChoices):
    """How a customer's contact data came to be what they are."""

    STAFF = "staff", _("typed in by staff")
    CUSTOMER = "customer", _("changed by the customer")
    MOVED = "moved", _("given up to another customer")


class RevealReason(models.TextChoices):
    """Why masked contact data are needed in clear."""

    CALL_BACK = "call_back", _("to call or write to the customer outside this desk")
    COMPARE = "compare", _("to compare with what the customer says they are known by")
    CORRECT = "correct", _("contact data seem to be wrong")
    LOOK_UP = "look_up", _("to look the customer up in another system")
    AUTHORITY = "authority", _("an authority or a court asks for it")
    OTHER = "other", _("another reason")


class AuditKind(models.TextChoices):
    """What the audit log holds. ``docs/audit.md`` describes each with its data."""

    # Coming and going
    LOGGED_IN = "logged_in", _("logged in")
    LOGIN_FAILED = "login_failed", _("log-in failed")
    LOGGED_OUT = "logged_out", _("logged out")
    CONFIRMED_AGAIN = "confirmed_again", _("confirmed again who they are")
    SESSION_ENDED = "session_ended", _("session ended")
    CREDENTIALS_CHANGED = "credentials_changed", _("password or second factor changed")
    REFUSED = "refused", _("refused: not allowed, not there, or too often")
    # Powers and configuration
    POWERS_CHANGED = "powers_changed", _("role, teams or brands changed")
    CONFIGURED = "configured", _("configuration changed")
    # Reading
    TICKET_READ = "ticket_read", _("ticket read")
    CUSTOMER_READ = "customer_read", _("customer read")
    FILE_READ = "file_read", _("file read")
    SEARCHED = "searched", _("searched")
    REVEALED = "revealed", _("masked data shown")
    REVEAL_BUDGET_PASSED = "reveal_budget_passed", _("more shown than the budget of a shift")
    DECOY_READ = "decoy_read", _("decoy opened")
    EXPORTED = "exported", _("exported")
    # Who somebody is
    CODE_SENT = "code_sent", _("code sent to prove the contact")
    CODE_FAILED = "code_failed", _("wrong code given")
    VERIFIED = "verified", _("customer verified")
    VERIFICATION_ENDED = "verification_ended", _("verification withdrawn")
    CONTACT_CHANGED = "contact_changed", _("contact data changed")
    SUPPORT_CODE_GIVEN = "support_code_given", _("proof that it is us given")
    SUPPORT_CODE_CHECKED = "support_code_checked", _("proof that it is us checked")
    # Sensitive acts
    ACT_REQUESTED = "act_requested", _("sensitive act asked for")
    ACT_APPROVED = "act_approved", _("sensitive act approved")
    ACT_REFUSED = "act_refused", _("sensitive act refused")
    ACT_WITHDRAWN = "act_withdrawn", _("sensitive act withdrawn")
    ACT_EXPIRED = "act_expired", _("sensitive act expired")
    ACT_SENT = "act_sent", _("sensitive act sent to the wallet")
    ACT_DONE = "act_done", _("sensitive act carried out")
    ACT_FAILED = "act_failed", _("sensitive act not carried out")
    EMERGENCY_OPENED = "emergency_opened", _("emergency reported")
    EMERGENCY_TAKEN = "emergency_taken", _("emergency taken")
    # What came in
    SECRET_REMOVED = "secret_removed", _("secret removed")
    FILE_QUARANTINED = "file_quarantined", _("file put in quarantine")
    FILE_RELEASED = "file_released", _("file released")
    SCAM_REPORTED = "scam_reported", _("scam reported")
    SCAM_JUDGED = "scam_judged", _("scam report judged")
    # Privacy
    PERSON_EXPORTED = "person_exported", _("personal data exported")
    PERSON_ERASED = "person_erased", _("personal data erased")
    ERASURE_REFUSED = "erasure_refused", _("erasure refused")
    HOLD_SET = "hold_set", _("legal hold set")
    HOLD_LIFTED = "hold_lifted", _("legal hold lifted")
    RETENTION_RUN = "retention_run", _("retention rules carried out")
    # The log itself
    AUDIT_VERIFIED = "audit_verified", _("audit log verified")
    AUDIT_EXPORTED = "audit_exported", _("audit log exported")
    AUDIT_TRIMMED = "audit_trimmed", _("audit log trimmed")
