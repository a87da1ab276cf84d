"""What a person may do, as plain values: the four rights, and whose customers they hold for."""

from enum import StrEnum

import msgspec


class Right(StrEnum):
    """Django permissions of the app `orders`: their names in code, and as administrators grant them."""

    words: str

    def __new__(cls, name: str, words: str) -> "Right":
        right = str.__new__(cls, name)
        right._value_, right.words = name, words
        return right

    VIEW = "view_orders", "View orders"
    REVEAL = "reveal_personal_data", "Reveal personal data, and see partner prices"
    EXPORT = "export_orders", "Export orders"
    READ_LEDGER = "read_ledger", "Read the ledger"


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """A person's rights at one moment. Without `sees_all` they hold only for assigned customers.

    The last two are none of the four: whoever may change accounts one by one may do so by file, and whoever
    may change people sees how they sign in.
    """

    held: frozenset[Right] = frozenset()
    sees_all: bool = False
    may_import_accounts: bool = False
    may_manage_people: bool = False

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
    def are_powers(self) -> bool:
        """Whether a password alone is too little for them: all but looking at what is masked anyway."""
        may_look_further = self.may_reveal or self.may_export or self.may_read_ledger
        return may_look_further or self.may_import_accounts or self.may_manage_people

    @property
    def may_see_prices(self) -> bool:
        """What a partner pays is no personal data, so it needs the right but no reason."""
        return self.may_reveal


EVERYTHING = Rights(held=frozenset(Right), sees_all=True, may_import_accounts=True, may_manage_people=True)
