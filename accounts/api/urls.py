from django.urls import URLPattern, URLResolver, path

from accounts.api.brands import BrandsView
from accounts.api.tokens import LogInView

urlpatterns: list[URLPattern | URLResolver] = [
    path("token/", LogInView.as_view(), name="api_token"),
    path("brands/", BrandsView.as_view(), name="api_brands"),
]
