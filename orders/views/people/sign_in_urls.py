"""Sign in and out, second factors, sessions. Only what the portal uses of django-allauth has an address."""

from allauth.account import views as account
from allauth.mfa import urls as second_factors
from allauth.socialaccount import views as providers
from allauth.socialaccount.providers.openid_connect import urls as openid_connect
from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

from orders.views.people import accounts

urlpatterns: list[URLPattern | URLResolver] = [
    path("", accounts.account, name="account"),
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    # Closed; the sign-in page asks for its address all the same.
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", accounts.no_password, name="account_set_password"),
    path("2fa/", accounts.SecondFactorView.as_view(), name="mfa_index"),
    path("2fa/", include(second_factors)),
    path("sessions/", accounts.SessionsView.as_view(), name="usersessions_list"),
    path("3rdparty/login/cancelled/", providers.login_cancelled, name="socialaccount_login_cancelled"),
    path("3rdparty/login/error/", providers.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", accounts.to_provider, name="openid_connect_login"),
    path("", include(openid_connect)),
]
if apps.is_installed("allauth.socialaccount.providers.saml"):
    from orders.views.people import saml

    urlpatterns += [
        path("saml/<str:organization_slug>/login/", saml.to_provider, name="saml_login"),
        path("saml/<str:organization_slug>/acs/", saml.answer_came, name="saml_acs"),
        path("saml/<str:organization_slug>/acs/finish/", saml.finish, name="saml_finish_acs"),
        path("saml/<str:organization_slug>/metadata/", saml.metadata, name="saml_metadata"),
        path("saml/<str:organization_slug>/sls/", saml.sign_out, name="saml_sls"),
    ]
