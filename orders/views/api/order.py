"""One order for scripts."""

from collections.abc import Iterator

import msgspec
from django.http import Http404, HttpResponse
from django.utils.translation import gettext

from orders import services
from orders.domain.descriptions import Description
from orders.domain.errors import UpstreamError
from orders.domain.identifiers import IDENTIFIER_PATTERN
from orders.domain.results import OrderDetails
from orders.people.api_tokens import Scope
from orders.people.permissions import rights_in
from orders.presentation.filtersets import FILTERSETS
from orders.presentation.filtersets.parameters import SINGLE_USE
from orders.presentation.records import record_type
from orders.views.api.answers import ApiView, Notice, aged, json_answer, order_type
from orders.views.api.notices import ignored, stale, unreadable
from orders.views.api.operations import Operation, Reply, customer, freshness, in_path, prices
from orders.views.shared import problems, retry_tokens
from orders.views.shared.failures import failure_of
from orders.views.shared.query_strings import clean_query, takes
from orders.views.shared.requests import PortalRequest


def operations() -> Iterator[Operation]:
    for each in services.sources():
        order_id = in_path("orderId", gettext("The upstream's own ID."), pattern=f"^{IDENTIFIER_PATTERN}$")
        priced = (prices(each.price_parameter),) if each.offers_prices else ()
        yield Operation(
            path=f"/{each.name}/customers/{{customerId}}/orders/{{orderId}}",
            name=f"{each.name}Order",
            summary=gettext("One order at %(label)s") % {"label": each.label},
            scope=Scope.READ,
            parameters=(customer(), order_id, *priced, freshness()),
            replies={200: Reply(words=gettext("The order with its lines."), body=order_type(each.name))},
        )


class OrderView(ApiView):
    """200 with the order, its personal data masked, else the failure's status."""

    def get(self, request: PortalRequest, source: str, customer_id: str, order_id: str) -> HttpResponse:
        if source not in FILTERSETS:
            raise Http404(f"no upstream is called {source}")
        description = services.describe(source)
        try:
            details = services.get_order(
                actor=request.user,
                rights=rights_in(request),
                source=source,
                customer_id=customer_id,
                order_id=order_id,
                with_prices=description.asks_for_prices(clean_query(request.GET)),
                correlation_id=retry_tokens.redeem(request),
                takes=takes(request.GET),
            )
        except UpstreamError as error:
            failure = failure_of(request, error, label=description.label, what="order")
            return failure.mark(problems.answer(request, problems.problem_of(request, failure)))
        record = record_type(source).record(details.row)
        notices = list(_notices(request, description, details))
        return json_answer(
            order_type(source)(**msgspec.structs.asdict(record), **aged(details.freshness, notices))
        )


def _notices(request: PortalRequest, description: Description, details: OrderDetails) -> Iterator[Notice]:
    yield from stale(request, details.freshness, label=description.label, what="order")
    known = {description.price_parameter, *SINGLE_USE}
    yield from ignored(sorted(name for name in request.GET if name not in known), description)
    yield from unreadable(details.unreadable)
