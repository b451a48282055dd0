"""The admin site's front: for whoever works with tickets, the queue."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from tickets.workspace.navigation import sees_tickets


def front(request: HttpRequest) -> HttpResponseBase:
    if sees_tickets(request.user):
        return redirect("workspace:queue")
    return admin.site.admin_view(admin.site.index)(request)
