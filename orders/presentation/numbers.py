"""How numbers are written where the reader's language is spoken: `1,660.68`, `1.660,68`."""

from functools import lru_cache

from django.utils.formats import get_format

from orders.presentation.texts.cell_texts import reader_language


def grouped(number: int) -> str:
    """`12,345`: with its thousands separated."""
    return str(number) if -1000 < number < 1000 else as_read(f"{number:,}")


def as_read(written: str) -> str:
    """A number as Python writes it (`1,660.68`), and what stands beside it, with the reader's separators."""
    marks = _marks(reader_language())
    return written.translate(marks) if marks else written


@lru_cache
def _marks(language: str) -> dict[int, int] | None:
    """From Python's separators to theirs; None where they are the same."""
    thousands, decimals = (
        get_format(name, language, use_l10n=True) for name in ("THOUSAND_SEPARATOR", "DECIMAL_SEPARATOR")
    )
    return None if (thousands, decimals) == (",", ".") else str.maketrans(",.", f"{thousands}{decimals}")
