"""The portal's addresses. Their shape is a contract; so is what an ID may look like."""

from django.urls import include, path, register_converter

from orders.domain.identifiers import IDENTIFIER_PATTERN, is_identifier
from orders.views.customer import panels, resellers
from orders.views.exports import (
    column_sets,
    dictionary,
    download,
    notice,
    overview,
    portfolio_file,
    schedules,
)
from orders.views.history import (
    account,
    account_sets,
    attention,
    history,
    home,
    list_columns,
    lookup,
    lookups,
    palette,
    portfolio,
    saved_views,
)
from orders.views.ledger import page
from orders.views.order import details, family, watching
from orders.views.people import (
    account_imports,
    directory,
    limits,
    notices,
    own_settings,
    products,
    profile,
    security,
    theme,
    tour,
)
from orders.views.system import health, monitoring, status, styleguide


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
    path("lookups/<uuid:pk>/", lookups.show, name="lookups"),
    path("lookups/<uuid:pk>/live/", lookups.ask_live, name="ask-live"),
    path("lookups/<uuid:pk>/live/progress/", lookups.progress, name="live-progress"),
    path("lookups/<uuid:pk>/export/", lookups.export, name="export-lookups"),
    path("palette/", palette.show, name="palette"),
    path("list-columns/<source:source>/", list_columns.choose, name="list-columns"),
    path("saved-views/", saved_views.show, name="saved-views"),
    path("saved-views/default/", saved_views.choose_default, name="default-view"),
    path("saved-views/<int:pk>/", saved_views.change, name="change-view"),
    path("saved-views/<int:pk>/delete/", saved_views.delete, name="delete-view"),
    path("saved-views/<int:pk>/restore/", saved_views.restore, name="restore-view"),
    path(
        "<source:source>/customers/<identifier:customer_id>/",
        panels.CustomerView.as_view(),
        name="customer",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/subscriptions/",
        panels.SubscriptionsView.as_view(),
        name="subscriptions",
    ),
    path(
        "<source:source>/resellers/<identifier:reseller_id>/customers/",
        resellers.show,
        name="reseller",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/",
        history.HistoryView.as_view(),
        name="history",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/export/",
        download.ExportView.as_view(),
        name="export",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>/",
        details.DetailsView.as_view(),
        name="details",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>/watch/",
        watching.watch,
        name="watch",
    ),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>/unwatch/",
        watching.unwatch,
        name="unwatch",
    ),
    path("watching/", watching.show, name="watching"),
    path("watching/progress/", watching.progress, name="watching-progress"),
    path(
        "<source:source>/customers/<identifier:customer_id>/orders/<identifier:order_id>/family/",
        family.FamilyView.as_view(),
        name="family",
    ),
    path("api/v1/", include("orders.views.api.addresses")),
    path("attention/", attention.show, name="attention"),
    path("attention/export/", attention.export, name="export-attention"),
    path("attention/seen/", attention.mark_seen, name="attention-seen"),
    path("portfolio/", portfolio.show, name="portfolio"),
    path("portfolio/refresh/", portfolio.refresh, name="refresh-accounts"),
    path("portfolio/progress/", portfolio.progress, name="refresh-progress"),
    path("portfolio/changes/read/", portfolio.mark_changes_read, name="changes-read"),
    path("portfolio/export/", portfolio_file.export, name="export-portfolio"),
    path("portfolio/sets/", account_sets.sets, name="account-sets"),
    path("portfolio/sets/<int:pk>/", account_sets.edit, name="account-set"),
    path("portfolio/sets/<int:pk>/delete/", account_sets.delete, name="delete-account-set"),
    path("portfolio/<int:number>/", account.show, name="account"),
    path("exports/", overview.export_list, name="exports"),
    path("exports/notice/", notice.notice, name="export-notice"),
    path("exports/<uuid:pk>/", overview.detail, name="export-detail"),
    path("exports/<uuid:pk>/progress/", overview.progress, name="export-progress"),
    path("exports/<uuid:pk>/file/", download.FileView.as_view(), name="export-file"),
    path("exports/<uuid:pk>/cancel/", overview.cancel, name="cancel-export"),
    path("exports/<uuid:pk>/rest/", overview.fetch_rest, name="fetch-rest"),
    path("exports/<uuid:pk>/offer/", overview.offer, name="offer-export"),
    path("schedules/", schedules.schedules, name="schedules"),
    path("schedules/<int:pk>/run/", schedules.run, name="run-schedule"),
    path("schedules/<int:pk>/pause/", schedules.pause, name="pause-schedule"),
    path("schedules/<int:pk>/resume/", schedules.resume, name="resume-schedule"),
    path("schedules/<int:pk>/delete/", schedules.delete, name="delete-schedule"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/", profile.make_token, name="make-token"),
    path("profile/tokens/<int:pk>/revoke/", profile.revoke_token, name="revoke-token"),
    path("profile/security/seen/", security.seen, name="security-seen"),
    path("profile/column-sets/new/<source:source>/<slug:rows>/", column_sets.new, name="new-column-set"),
    path("profile/column-sets/<int:pk>/", column_sets.edit, name="edit-column-set"),
    path("profile/column-sets/<int:pk>/delete/", column_sets.delete, name="delete-column-set"),
    path("settings/", own_settings.show, name="settings"),
    path("theme/", theme.choose_theme, name="choose-theme"),
    path("status/", status.show, name="status"),
    path("styleguide/", styleguide.show, name="styleguide"),
    path("notices/", notices.show, name="notices"),
    path("notices/read/", notices.read, name="notices-read"),
    path("notices/<int:pk>/", notices.follow, name="notice"),
    path("help/columns/", dictionary.columns_help, name="columns-help"),
    path("help/tour/", tour.show, name="tour"),
    path("limits/", limits.own, name="limits"),
    path("limits/wishes/<int:pk>/", limits.decide, name="decide-wish"),
    path("limits/ask/", limits.ask_for_more, name="ask-for-more"),
    path("people/", directory.people, name="people"),
    path("people/<int:pk>/", directory.person, name="person"),
    path("people/<int:pk>/sessions/end/", directory.end_sessions, name="end-sessions"),
    path("people/<int:pk>/tokens/revoke/", directory.revoke_tokens, name="revoke-tokens"),
    path("people/<int:pk>/factor/ask/", directory.ask_for_factor, name="ask-for-factor"),
    path("ledger/", page.show, name="ledger"),
    path("ledger/export/", page.export, name="ledger-export"),
    path("account-imports/", account_imports.ImportsView.as_view(), name="account-imports"),
    path("account-imports/<int:pk>/", account_imports.outcomes, name="account-import"),
    path("account-imports/<int:pk>/carry-out/", account_imports.carry_out, name="carry-out-import"),
    path("products/", products.ProductsView.as_view(), name="products"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", monitoring.show, name="metrics"),
]
