"""Every column of every table and file, declared once.

A column's `value` is what a file holds: text, a whole number, an exact amount, an instant, a truth value,
or None for nothing. `cell` draws the same value on a page where plain text isn't enough. `FILE_COLUMNS`
says which of them a file has, under names and in an order that never change; new ones come at the end.
"""

from orders.columns.base import Column, FileValue, Row, joined, registry
from orders.columns.files import FILE_COLUMNS, ROW_KINDS, columns_for, file_registry
from orders.columns.registries import LINE_COLUMNS, ORDER_COLUMNS

__all__ = [
    "FILE_COLUMNS",
    "LINE_COLUMNS",
    "ORDER_COLUMNS",
    "ROW_KINDS",
    "Column",
    "FileValue",
    "Row",
    "columns_for",
    "file_registry",
    "joined",
    "registry",
]
