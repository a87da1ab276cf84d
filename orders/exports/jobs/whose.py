"""Whose orders a file over several customers holds: settled when its making begins, from the accounts that
were chosen and its owner's scope by then, and asked for again until it is downloaded.
"""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction

from orders.domain.errors import NotYours
from orders.domain.granted_rights import Rights
from orders.exports.engine.portfolio_builder import CustomerOf
from orders.exports.models import Export, ExportCustomer
from orders.exports.specification import ExportSpec
from orders.people.account_sets import AccountChoice
from orders.services import files_of_many

_TOGETHER = 500


def begin(spec: ExportSpec, owner: User) -> Rights:
    """Write down that it starts, with the customers that it would have now."""
    return files_of_many.started(
        actor=owner,
        source=spec.source,
        choice=spec.choice,
        query=spec.query,
        rows=spec.rows,
        reason=spec.reason,
    )


def settle(export: Export, owner: User, *, confirm: Callable[[], None]) -> None:
    """From now on the file is of these customers. `NotYours` where there are none.

    `confirm` raises where the export is somebody else's by now, who may have written others down already.
    """
    choice = AccountChoice(accounts=tuple(export.accounts), sets=tuple(export.account_sets))
    found = files_of_many.customers(actor=owner, source=export.source, choice=choice)
    if not found:
        raise NotYours(source=export.source)
    rows = [
        ExportCustomer(
            export=export, place=place, account_name=each.account_name, customer_id=each.customer_id
        )
        for place, each in enumerate(found)
    ]
    with transaction.atomic():
        confirm()
        ExportCustomer.objects.filter(export=export).delete()
        ExportCustomer.objects.bulk_create(rows, batch_size=_TOGETHER)
        Export.objects.filter(pk=export.pk).update(customers=len(rows))
    export.customers = len(rows)


def customers_of(export: Export) -> list[CustomerOf]:
    """In the order of the file."""
    rows = ExportCustomer.objects.filter(export=export).order_by("place")
    return [CustomerOf(*row) for row in rows.values_list("account_name", "customer_id")]


def admitted(export: Export, owner: User) -> Rights:
    return files_of_many.admitted(
        actor=owner, source=export.source, customer_ids=_ids(export), is_revealed=bool(export.reason)
    )


def write_end(export: Export, owner: User, outcome: str, rows: int, sha256: str) -> None:
    files_of_many.ended(
        actor=owner,
        source=export.source,
        customer_ids=_ids(export),
        row_count=rows,
        file_sha256=sha256,
        outcome=outcome,
    )


def write_download(export: Export, owner: User) -> None:
    files_of_many.downloaded(
        actor=owner,
        source=export.source,
        customer_ids=_ids(export),
        row_count=export.rows_done,
        file_sha256=export.file_sha256,
        is_revealed=bool(export.reason),
    )


def _ids(export: Export) -> list[str]:
    return list(ExportCustomer.objects.filter(export=export).values_list("customer_id", flat=True))
