"""Files of a whole filtered result: complete, or not offered as complete.

A small one is made within the request (`export_now`), a large one in the background (`request_export`).
"""

from orders.exports.api import (
    NotOnThisDisk,
    Progress,
    StorageAway,
    TooLarge,
    cancel,
    export_now,
    exports_of,
    fetch_rest,
    offer_what_there_is,
    open_file,
    progress,
    request_export,
)
from orders.exports.jobs.upkeep import reap
from orders.exports.specification import BadExport, ExportSpec

__all__ = [
    "BadExport",
    "ExportSpec",
    "NotOnThisDisk",
    "Progress",
    "StorageAway",
    "TooLarge",
    "cancel",
    "export_now",
    "exports_of",
    "fetch_rest",
    "offer_what_there_is",
    "open_file",
    "progress",
    "reap",
    "request_export",
]
