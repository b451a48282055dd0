"""The ASGI door, for the sockets of a later day and for ASGI servers."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from django.core.asgi import get_asgi_application

from helpdesk import embedded

embedded.attach_for_settings()
application = get_asgi_application()
