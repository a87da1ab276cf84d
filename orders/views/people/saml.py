"""SAML's addresses of django-allauth, where they need more: what no provider of ours sent is a page that says
so, whatever it holds, and signs nobody out.

Its packages are an extra, so that this module is imported only where they are installed.
"""

import binascii
import logging
import zlib
from collections.abc import Callable

from allauth.socialaccount.providers.saml import views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError

logger = logging.getLogger("orders.people.sign_in")

# Bytes. Those of directories with hundreds of groups have tens of thousands.
LONGEST_ANSWER = 256 * 2**10

View = Callable[..., HttpResponse]

# No base64, no XML, XML with entities, or nothing that the protocol knows: each is somebody's making.
_UNREADABLE = (
    binascii.Error,
    LxmlError,
    OneLogin_Saml2_Error,
    OneLogin_Saml2_ValidationError,
    UnicodeError,
    ValueError,
    zlib.error,
)


def _guarded(view: View) -> View:
    @login_not_required
    def answer(request: HttpRequest, organization_slug: str) -> HttpResponse:
        try:
            return view(request, organization_slug=organization_slug)
        except OSError:
            # What the provider says of itself is asked first.
            logger.exception("the identity provider can't be asked")
            return _failed(request, 502)
        except PermissionDenied:
            logger.warning("a SAML answer to nothing that this browser asked, or a second one")
            return _failed(request, 403)
        except _UNREADABLE as error:
            logger.warning("what came as a SAML message is none: %s", type(error).__name__)
            return _failed(request, 400)

    return answer


def _failed(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", status=status)


@csrf_exempt  # the provider's page posts it: what it is worth is seen from its signature
@login_not_required
def answer_came(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """Kept, unread, until the browser comes with the session that asked: so not whatever anybody sends."""
    if not request.POST.get("SAMLResponse") or int(request.META["CONTENT_LENGTH"]) > LONGEST_ANSWER:
        return _failed(request, 400)
    return views.acs(request, organization_slug=organization_slug)  # type: ignore[no-any-return]  # untyped


to_provider = _guarded(views.login)
finish = _guarded(views.finish_acs)
metadata = _guarded(views.metadata)
_signed_sign_out = _guarded(views.sls)


@login_not_required
def sign_out(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """At the provider's request alone. The library looks at a signature only where there is one, and any link
    on any page could sign the visitor out.
    """
    if not request.GET.get("Signature"):
        return _failed(request, 403)
    return _signed_sign_out(request, organization_slug)
