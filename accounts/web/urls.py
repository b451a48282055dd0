from django.urls import URLPattern, URLResolver, path

from accounts.web.sessions import end_session, sessions
from accounts.web.theme import set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("sessions/", sessions, name="own_sessions"),
    path("sessions/end/", end_session, name="end_session"),
    path("preferences/theme/", set_theme, name="set_theme"),
]
