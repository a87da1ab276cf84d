"""Whether somebody signs in for the first time, which is when pages explain themselves."""

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

TOUR = "tour"  # in the session: True for all of it, or the names of what is left


def begin_tour_at_first(request: HttpRequest, person: AbstractBaseUser) -> None:
    """Before the sign-in, which is then written down as the last one."""
    if person.last_login is None:
        request.session[TOUR] = True
