"""Pages are served from here."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from django.core.wsgi import get_wsgi_application

from helpdesk import embedded

embedded.attach_for_settings()
application = get_wsgi_application()
