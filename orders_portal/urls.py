"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

from orders.people.sign_in import administration

administration.prepare(admin.site)

urlpatterns = [
    path("accounts/", include("orders.views.people.sign_in_urls")),
    path("admin/", admin.site.urls),
    path("", include("orders.urls")),
]

handler400 = "orders.views.system.errors.bad_request"
handler403 = "orders.views.system.errors.forbidden"
handler404 = "orders.views.system.errors.not_found"
handler500 = "orders.views.system.outages.server_error"
