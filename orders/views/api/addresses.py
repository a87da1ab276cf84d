"""The addresses of the interface for scripts, below `/api/v1/`. Their names begin with `api-`."""

from django.urls import path

from orders.views.api import accounts, customers, document, exports, history, lookup, order

urlpatterns = [
    path("openapi.json", document.show, name="api-document"),
    path("lookup", lookup.LookupView.as_view(), name="api-lookup"),
    path("portfolio", accounts.PortfolioView.as_view(), name="api-portfolio"),
    path("attention", accounts.AttentionView.as_view(), name="api-attention"),
    path("exports", exports.ExportsView.as_view(), name="api-exports"),
    path("exports/<uuid:pk>", exports.ExportView.as_view(), name="api-export"),
    path("exports/<uuid:pk>/file", exports.FileView.as_view(), name="api-export-file"),
    path(
        "<source:source>/customers/<identifier:customer_id>",
        customers.CustomerView.as_view(),
        name="api-customer",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/subscriptions",
        customers.SubscriptionsView.as_view(),
        name="api-subscriptions",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders",
        history.HistoryView.as_view(),
        name="api-history",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>",
        order.OrderView.as_view(),
        name="api-order",
    ),
]
