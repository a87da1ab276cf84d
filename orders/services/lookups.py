"""Numbers looked up among what is remembered: who may, and whose orders are found. Nobody is asked; that
`orders.services.live_lookups` does.
"""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import msgspec

from orders import index
from orders.domain.granted_rights import Right, Rights
from orders.domain.pasted_text import UNREADABLE, Mention, Pasted
from orders.index import Hit, live_lookups, pasted
from orders.index.live_lookups import Asking
from orders.index.models import PastedNumbers
from orders.ledger import Action, record
from orders.people import limits
from orders.people.permissions import Person, those_in_scope
from orders.services.guard import Target, admit, name_customers
from orders.services.number_readings import may_have, pages_of


class FoundNumbers(msgspec.Struct, frozen=True):
    """For each number of a list, in its order: what it was called, how often it stood there, its hits.

    `asking` is how far upstreams were asked for what nobody had seen, None where they were not; `unasked` are
    numbers of which nothing can be said because somebody who may have them could not be asked.
    """

    numbers: Sequence[tuple[Mention, int, Sequence[Hit]]]
    is_cut: bool
    asking: Asking | None = None
    unasked: frozenset[str] = frozenset()

    @property
    def customers(self) -> frozenset[tuple[str, str]]:
        """All who were found, as source and customer ID."""
        return frozenset(hit.customer for _, _, hits in self.numbers for hit in hits)


def find(actor: Person, rights: Rights, numbers: Collection[str]) -> Mapping[str, Sequence[Hit]]:
    """What is remembered by each number, of the customers whom `actor` may see.

    A number of somebody else's customer has no hits, as one that nobody has; both take the same questions.
    """
    hits = index.find(numbers)
    theirs = those_in_scope(actor, rights, {hit.customer for found in hits.values() for hit in found})
    return {number: [hit for hit in found if hit.customer in theirs] for number, found in hits.items()}


def keep_numbers(actor: Person, rights: Rights, given: Pasted) -> UUID:
    """Keep a list for a day, for `actor` alone; gives its name in addresses."""
    admit(Action.LOOK_UP, Right.VIEW, actor=actor, target=Target(), rights=rights)
    return pasted.keep(actor.pk or 0, given).pk


def find_kept(actor: Person, rights: Rights, pk: UUID) -> FoundNumbers:
    """Written down. Raises `LookupError` for somebody else's list, and after a day."""
    admit(Action.LOOK_UP, Right.VIEW, actor=actor, target=Target(), rights=rights)
    found = _found(actor, rights, pk)
    details: dict[str, object] = {"numbers": len(found.numbers)}
    name_customers(found.customers, details)
    record(
        Action.LOOK_UP,
        actor=actor,
        details=details,
        row_count=sum(len(hits) for _, _, hits in found.numbers),
    )
    return found


def find_for_file(actor: Person, rights: Rights, pk: UUID) -> FoundNumbers:
    """As `find_kept`, for a file, which has to be written down with `list_exported` before it is sent.

    It is one of the person's files of a day: raises `limits.OverLimit`.
    """
    for right in (Right.VIEW, Right.EXPORT):
        admit(Action.EXPORT_DOWNLOAD, right, actor=actor, target=Target(), rights=rights)
    found = _found(actor, rights, pk)
    limits.take(actor, "exports")
    return found


def list_exported(
    actor: Person,
    name: str,
    *,
    row_count: int,
    file_sha256: str,
    customers: Collection[tuple[str, str]] = (),
) -> None:
    """A list of the portal's own is sent as a file; `name` says which, `customers` whose orders are in it."""
    details: dict[str, object] = {"file": name}
    name_customers(customers, details)
    record(
        Action.EXPORT_DOWNLOAD,
        actor=actor,
        details=details,
        row_count=row_count,
        file_sha256=file_sha256,
    )


def found_in(actor: Person, rights: Rights, kept: PastedNumbers) -> FoundNumbers:
    """Of a list, with what upstreams said when they were asked."""
    numbers = pasted.numbers_of(kept)
    hits = dict(find(actor, rights, [mention.identifier for mention, _ in numbers if _is_readable(mention)]))
    asking = live_lookups.asking(kept.pk)
    if asking is not None:
        # Whom an upstream knows is found, though they never ordered anything.
        known = those_in_scope(actor, rights, asking.existing)
        for source, customer_id in sorted(known):
            if customer_id in hits and not any(
                hit.customer == (source, customer_id) and not hit.order_id for hit in hits[customer_id]
            ):
                hits[customer_id] = [Hit(source=source, customer_id=customer_id), *hits[customer_id]]
    listed = [(mention, times, hits.get(mention.identifier, ())) for mention, times in numbers]
    failed = [customer for customer, _ in asking.failed] if asking is not None else []
    return FoundNumbers(
        listed,
        kept.is_cut,
        asking,
        frozenset(
            mention.identifier
            for mention, _, found in listed
            if failed and _is_readable(mention) and not pages_of(mention, found)
            if any(may_have(customer, mention) for customer in failed)
        ),
    )


def kept_list(actor: Person, pk: UUID) -> PastedNumbers:
    """Raises `LookupError` for somebody else's list, and after a day."""
    try:
        return pasted.kept(actor.pk or 0, pk)
    except PastedNumbers.DoesNotExist:
        raise LookupError(pk) from None


def _found(actor: Person, rights: Rights, pk: UUID) -> FoundNumbers:
    return found_in(actor, rights, kept_list(actor, pk))


def _is_readable(mention: Mention) -> bool:
    return mention.label != UNREADABLE
