"""The roof and the ground: settings, engines, doors. No business rule lives here."""

from helpdesk.celery import app as celery_app

__all__ = ["celery_app"]
