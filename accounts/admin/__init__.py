"""Configuration of brands, teams, people and tokens. Who may, says ``accounts.rules.capabilities``."""

import allauth.account.admin
import allauth.mfa.admin
import django.contrib.auth.admin
from django.contrib import admin

from accounts.admin import brands, people, tokens
from accounts.rules.capabilities import ADMIN_MODELS

__all__ = ["brands", "people", "tokens"]

# Packages register pages of their own when they are imported: they were, above, and what the table does not name goes.
_OTHERS = (allauth.account.admin, allauth.mfa.admin, django.contrib.auth.admin)
for _model in list(admin.site._registry):
    if _model._meta.label_lower not in ADMIN_MODELS:
        admin.site.unregister(_model)
