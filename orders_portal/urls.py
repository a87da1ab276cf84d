"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from orders.sign_in import administration

administration.prepare(admin.site)

urlpatterns = [
    path("accounts/", include("orders.account_urls")),
    path("admin/", admin.site.urls),
    path("", include("orders.urls")),
]

handler400 = "orders.views.pages.bad_request"
handler403 = "orders.views.pages.forbidden"
handler404 = "orders.views.pages.not_found"
handler500 = "orders.views.pages.server_error"
