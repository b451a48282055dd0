"""Websockets are served from here; pages by helpdesk/wsgi.py."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

import django

from helpdesk import embedded

embedded.attach_for_settings()
django.setup()

from tickets.realtime.app import build  # noqa: E402 - its models need the settings

application = build()
