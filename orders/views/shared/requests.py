"""A request as the portal's own views get it."""

from django.contrib.auth.models import User
from django.http import HttpRequest


class PortalRequest(HttpRequest):
    """Behind the sign-in every request has a person."""

    user: User
