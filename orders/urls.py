"""The portal's addresses. Their shape is a contract; so is what an ID may look like."""

from django.urls import path, register_converter

from orders.domain.identifiers import IDENTIFIER_PATTERN, is_identifier
from orders.views import (
    account_imports,
    column_sets,
    details,
    dictionary,
    export_file,
    export_notice,
    exports,
    health,
    history,
    home,
    ledger,
    lookup,
    monitoring,
    profile,
    saved_views,
)


class IdentifierConverter:
    """A customer or order ID: one safe path segment, never `.` or `..`."""

    regex = IDENTIFIER_PATTERN

    def to_python(self, value: str) -> str:
        if not is_identifier(value):
            raise ValueError
        return value

    def to_url(self, value: str) -> str:
        if not is_identifier(value):
            raise ValueError
        return value


class SourceConverter:
    """An upstream's name; which ones exist is the registry's affair."""

    regex = "[a-z][a-z0-9]{0,31}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IdentifierConverter, "identifier")
register_converter(SourceConverter, "source")

urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("lookup/", lookup.LookupView.as_view(), name="lookup"),
    path("saved-views/", saved_views.save, name="save-view"),
    path("saved-views/<int:pk>/delete/", saved_views.delete, name="delete-view"),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/",
        history.HistoryView.as_view(),
        name="history",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/export/",
        export_file.ExportView.as_view(),
        name="export",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>/",
        details.DetailsView.as_view(),
        name="details",
    ),
    path("exports/", exports.export_list, name="exports"),
    path("exports/notice/", export_notice.notice, name="export-notice"),
    path("exports/<uuid:pk>/", exports.detail, name="export-detail"),
    path("exports/<uuid:pk>/progress/", exports.progress, name="export-progress"),
    path("exports/<uuid:pk>/file/", export_file.FileView.as_view(), name="export-file"),
    path("exports/<uuid:pk>/cancel/", exports.cancel, name="cancel-export"),
    path("exports/<uuid:pk>/rest/", exports.fetch_rest, name="fetch-rest"),
    path("exports/<uuid:pk>/offer/", exports.offer, name="offer-export"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/", profile.make_token, name="make-token"),
    path("profile/tokens/<int:pk>/revoke/", profile.revoke_token, name="revoke-token"),
    path("profile/column-sets/new/<source:source>/<slug:rows>/", column_sets.new, name="new-preset"),
    path("profile/column-sets/<int:pk>/", column_sets.edit, name="edit-preset"),
    path("profile/column-sets/<int:pk>/delete/", column_sets.delete, name="delete-preset"),
    path("help/columns/", dictionary.columns_help, name="columns-help"),
    path("ledger/", ledger.show, name="ledger"),
    path("ledger/export/", ledger.export, name="ledger-export"),
    path("account-imports/", account_imports.ImportsView.as_view(), name="account-imports"),
    path("account-imports/<int:pk>/", account_imports.outcomes, name="account-import"),
    path("account-imports/<int:pk>/carry-out/", account_imports.carry_out, name="carry-out-import"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", monitoring.show, name="metrics"),
]
