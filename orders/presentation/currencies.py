"""How many decimals a currency has, by ISO 4217."""

from functools import cache

from iso4217 import Currency

_USUAL = 2


@cache
def decimals(code: str) -> int:
    """Three for KWD, none for JPY and XAF; two for a code that ISO does not know (`EURO` has been seen)."""
    try:
        return Currency(code.upper()).exponent or 0
    except ValueError:
        return _USUAL
