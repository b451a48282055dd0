"""How often one reader may do what costs others something: of the table in ``helpdesk.lib.limits``, what is counted
here, and by what.
"""

from __future__ import annotations

from django.http import HttpRequest

from helpdesk.lib.http import Limit, client_ip, spend
from helpdesk.lib.limits import CASES_BY_ADDRESS as CASES_BY_ADDRESS
from helpdesk.lib.limits import CASES_BY_EMAIL as CASES_BY_EMAIL
from helpdesk.lib.limits import CODES as CODES
from helpdesk.lib.limits import EMERGENCIES_BY_ACCOUNT as EMERGENCIES_BY_ACCOUNT
from helpdesk.lib.limits import EMERGENCIES_BY_ADDRESS as EMERGENCIES_BY_ADDRESS
from helpdesk.lib.limits import LINKS_BY_ADDRESS as LINKS_BY_ADDRESS
from helpdesk.lib.limits import LINKS_BY_EMAIL as LINKS_BY_EMAIL
from helpdesk.lib.limits import PRIVACY as PRIVACY
from helpdesk.lib.limits import REPLIES as REPLIES
from helpdesk.lib.limits import SCAM_CHECKS as SCAM_CHECKS
from helpdesk.lib.limits import SCAMS_BY_ADDRESS as SCAMS_BY_ADDRESS
from helpdesk.lib.limits import SEARCHES as SEARCHES
from helpdesk.lib.limits import SUBMITS as SUBMITS
from helpdesk.lib.limits import SUPPORT_CODES as SUPPORT_CODES
from helpdesk.lib.limits import SUPPORT_CODES_BY_CONTACT as SUPPORT_CODES_BY_CONTACT


def within(request: HttpRequest, limit: Limit, *, email: str = "") -> bool:
    """Count one more; False when it is too many. By e-mail address where one is given, else by IP address."""
    return spend(request, limit, who=email.lower() or client_ip(request))
