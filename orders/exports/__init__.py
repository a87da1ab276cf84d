"""Files of a whole filtered result: complete, or not offered as complete.

A small one is made within the request (`export_now`), a large one in the background (`request_export`).
"""

from orders.exports.api import (
    FinishedFile,
    Progress,
    TooLarge,
    cancel,
    count,
    export_now,
    exports_of,
    fetch_rest,
    offer_what_there_is,
    open_file,
    progress,
    request_export,
)
from orders.exports.making import CONTENT_TYPES
from orders.exports.upkeep import take_over
from orders.exports.wanted import BadExport

__all__ = [
    "CONTENT_TYPES",
    "BadExport",
    "FinishedFile",
    "Progress",
    "TooLarge",
    "cancel",
    "count",
    "export_now",
    "exports_of",
    "fetch_rest",
    "offer_what_there_is",
    "open_file",
    "progress",
    "request_export",
    "take_over",
]
