"""What an API token may be used for, beside what its user may do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    TICKETS_READ = "tickets:read", _("read tickets")
    TICKETS_WRITE = "tickets:write", _("file, answer and change tickets")
    KNOWLEDGE_READ = "knowledge:read", _("read categories and articles")
    STEP_UP = "step_up", _("do what people are asked to confirm again")
