"""A customer's order history for scripts: the page's own parameters, rows, notices and failures as JSON."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext, ngettext

from orders import services
from orders.domain.descriptions import Description
from orders.domain.errors import UpstreamError
from orders.domain.results import ResultPage
from orders.people.api_tokens import Scope
from orders.people.permissions import rights_in
from orders.presentation.filtersets import FILTERSETS, UpstreamFilterSet
from orders.presentation.filtersets.base import PageForm
from orders.presentation.filtersets.parameters import SINGLE_USE
from orders.presentation.records import record_type
from orders.views.api.answers import ApiView, Notice, aged, json_answer, orders_type, unusable
from orders.views.api.notices import ignored, stale, unreadable
from orders.views.api.operations import Operation, Reply, customer, filters, freshness, pages
from orders.views.shared import problems, result_texts, retry_tokens
from orders.views.shared.date_range_notice import date_range_notice
from orders.views.shared.failures import failure_of
from orders.views.shared.query_strings import takes, with_changes
from orders.views.shared.requests import PortalRequest

_OF_THE_PAGE = frozenset({"limit", "offset"}) | SINGLE_USE


def operations() -> Iterator[Operation]:
    for each in services.sources():
        yield Operation(
            path=f"/{each.name}/customers/{{customerId}}/orders",
            name=f"{each.name}History",
            summary=gettext("A customer's orders at %(label)s") % {"label": each.label},
            scope=Scope.READ,
            parameters=(customer(), *filters(each.name), *pages(), freshness()),
            replies={
                200: Reply(
                    words=gettext("One page of them; behind the last one it is a problem, with 404."),
                    body=orders_type(each.name),
                    headers={"Link": gettext("The pages before and behind this one, after RFC 8288.")},
                )
            },
        )


class HistoryView(ApiView):
    """200 with a page of orders, 400 for a bad parameter (no upstream asked), else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str) -> HttpResponse:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        description, rights = services.describe(source), rights_in(request)
        filters = FILTERSETS[source](request.GET, request=request, shows_prices=rights.may_see_prices)
        page_form = PageForm(filters.data)
        if not (filters.is_valid() & page_form.is_valid()):
            of_the_page = {name: list(map(str, said)) for name, said in page_form.errors.items()}
            return unusable(request, {**filters.errors_by_parameter(), **of_the_page})
        try:
            page = services.list_orders(
                actor=request.user,
                rights=rights,
                source=source,
                customer_id=customer_id,
                query=filters.query,
                as_listed=True,
                page_request=page_form.page_request(description.default_limit),
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
            )
        except UpstreamError as error:
            failure = failure_of(request, error, label=description.label, what="customer")
            return failure.mark(problems.answer(request, problems.problem_of(request, failure)))
        of_source = record_type(source)
        make: Any = orders_type(source)
        body = make(
            items=[of_source.record(row) for row in page.rows],
            total_count=page.total_count,
            offset=page.offset,
            limit=page.limit,
            **aged(page.freshness, list(_notices(request, description, filters, page))),
        )
        response = json_answer(body)
        links = ", ".join(_links(request, page))
        if links:
            response.headers["Link"] = links
        return response


def _links(request: PortalRequest, page: ResultPage) -> Iterator[str]:
    """Where the pages before and behind this one are, as RFC 8288 says it."""
    for relation, offset, is_there in (
        ("prev", page.previous_offset, page.offset > 0),
        ("next", page.next_offset, page.has_next),
    ):
        if is_there:
            query = with_changes(request.GET, {"offset": offset, "limit": page.limit})
            yield f'<{request.build_absolute_uri(request.path + query)}>; rel="{relation}"'


def _notices(
    request: PortalRequest, description: Description, filters: UpstreamFilterSet, page: ResultPage
) -> Iterator[Notice]:
    """The page's own, under its own words for them."""
    yield from stale(request, page.freshness, label=description.label, what="customer")
    yield from ignored(filters.unknown_parameters(_OF_THE_PAGE), description)
    covered = date_range_notice(request.GET, description, filters, page)
    yield Notice(
        notice="window" if page.is_complete else "incomplete",
        text=f"{covered.title}. {covered.text}",
        names=[each for each in (page.searched_from, page.searched_to) if each],
    )
    yield from (Notice(notice="upstream", text=said) for said in page.notices)
    counted = result_texts.count_notice(page, description)
    if counted:
        yield Notice(notice="count", text=counted)
    if filters.withheld:
        withheld = gettext("Asked without prices, because your roles don’t show them.")
        yield Notice(notice="prices", text=withheld, names=sorted(filters.withheld))
    if "lines_mixed" in page.not_applied:
        yield Notice(notice="lines", text=result_texts.lines_not_applied(page))
    lost = ngettext("%(lost)s row could not be read.", "%(lost)s rows could not be read.", page.lost)
    yield from unreadable(page.unreadable, lost % {"lost": page.lost} if page.lost else "")
