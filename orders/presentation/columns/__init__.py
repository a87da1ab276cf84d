"""Every column of every table and file, declared once.

A column's `value` is what a file holds: text, a whole number, an exact amount, an instant, a truth value,
or None for nothing. `cell` draws the same value on a page where plain text isn't enough. Which of them
a file has is declared in its upstream's manifest, under names and in an order that never change.
"""

from orders.presentation.columns.base import Column, FileValue, Row, joined, registry
from orders.presentation.columns.chosen_file_columns import ROW_TYPES, columns_for, file_registry
from orders.presentation.columns.registries import LINE_COLUMNS, ORDER_COLUMNS

__all__ = [
    "LINE_COLUMNS",
    "ORDER_COLUMNS",
    "ROW_TYPES",
    "Column",
    "FileValue",
    "Row",
    "columns_for",
    "file_registry",
    "joined",
    "registry",
]
