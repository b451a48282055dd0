from accounts.models.api_tokens import ApiToken
from accounts.models.audit import AuditEntry, AuditSeal, SealKind, SecurityAlarm
from accounts.models.brands import Brand
from accounts.models.contact_changes import ContactChange
from accounts.models.customers import Customer
from accounts.models.decoys import Decoy
from accounts.models.sessions import LogInSession
from accounts.models.teams import Team
from accounts.models.users import User
from accounts.models.verification import Verification

__all__ = [
    "ApiToken",
    "AuditEntry",
    "AuditSeal",
    "Brand",
    "ContactChange",
    "Customer",
    "Decoy",
    "LogInSession",
    "SealKind",
    "SecurityAlarm",
    "Team",
    "User",
    "Verification",
]
