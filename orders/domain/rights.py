"""What a person may do, as plain values: the four rights, and whose customers they hold for."""

from enum import StrEnum

import msgspec


class Right(StrEnum):
    """Names of Django permissions in the app `orders`."""

    VIEW = "view_orders"
    REVEAL = "reveal_personal_data"
    EXPORT = "export_orders"
    READ_LEDGER = "read_ledger"


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """A person's rights at one moment. Without `sees_all` they hold only for assigned customers.

    `may_import_accounts` is not one of the four: whoever may change accounts one by one may do so by file.
    """

    held: frozenset[Right] = frozenset()
    sees_all: bool = False
    may_import_accounts: bool = False

    def __contains__(self, right: Right) -> bool:
        return right in self.held

    @property
    def may_view(self) -> bool:
        return Right.VIEW in self.held

    @property
    def may_reveal(self) -> bool:
        return Right.REVEAL in self.held

    @property
    def may_export(self) -> bool:
        return Right.EXPORT in self.held

    @property
    def may_read_ledger(self) -> bool:
        return Right.READ_LEDGER in self.held

    @property
    def may_see_prices(self) -> bool:
        """What a partner pays is no personal data, so it needs the right but no reason."""
        return self.may_reveal


EVERYTHING = Rights(held=frozenset(Right), sees_all=True, may_import_accounts=True)
