"""Pages are served from here."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402 - settings' name must be known first

from helpdesk import embedded  # noqa: E402

embedded.attach_for_settings()
application = get_wsgi_application()
