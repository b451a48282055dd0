from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def bare(request: HttpRequest) -> HttpResponse:
    """What Django and the product's middleware cost before any work is done."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), path("", include("helpdesk.urls"))]
