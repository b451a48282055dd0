from django.urls import URLPattern, URLResolver, path

from accounts.web.theme import set_theme

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/theme/", set_theme, name="set_theme"),
]
