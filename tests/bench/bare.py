"""A bare Django view, without middleware, database or templates: what the site's pages are measured against."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = "<!doctype html><title>Bare</title><p>A constant page."


def page(request: HttpRequest) -> HttpResponse:
    """The constant page."""
    return HttpResponse(PAGE)


urlpatterns = [path("", page)]
settings.configure(ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[], ROOT_URLCONF=__name__)
application = get_wsgi_application()
