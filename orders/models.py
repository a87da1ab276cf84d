"""Where Django looks for models. Each stands in its room: what it keeps, its room alone writes."""

from orders.exports.models import ColumnSet, Export
from orders.index.company_models import CompanyName
from orders.index.live_models import AskedCustomer, LiveLookup
from orders.index.models import (
    CustomerMonth,
    IndexedCustomer,
    IndexedOrder,
    IndexedReference,
    StatusChange,
)
from orders.index.product_models import Product, ProductOffer
from orders.index.refresh_models import CustomerRefresh, RefreshRun
from orders.index.seen_models import SeenAlert
from orders.index.watch_models import Watch, WatchedOrder
from orders.infrastructure.count_models import SharedCount
from orders.infrastructure.jobs.models import PeriodicTurn, UpkeepRun, WorkerSign
from orders.ledger.models import LedgerCheckpoint, LedgerEntry, LedgerHead
from orders.people.limit_models import LimitUse, LimitWish
from orders.people.models import (
    Account,
    AccountCustomer,
    AccountImport,
    AdviceText,
    ApiToken,
    Assignment,
    PortalRight,
    RoleScope,
    SavedView,
    SecurityNotice,
)
from orders.people.notice_models import Notice
from orders.people.settings_models import PersonalSettings

__all__ = [
    "Account",
    "AccountCustomer",
    "AccountImport",
    "AdviceText",
    "ApiToken",
    "AskedCustomer",
    "Assignment",
    "ColumnSet",
    "CompanyName",
    "CustomerMonth",
    "CustomerRefresh",
    "Export",
    "IndexedCustomer",
    "IndexedOrder",
    "IndexedReference",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerHead",
    "LimitUse",
    "LimitWish",
    "LiveLookup",
    "Notice",
    "PeriodicTurn",
    "PersonalSettings",
    "PortalRight",
    "Product",
    "ProductOffer",
    "RefreshRun",
    "RoleScope",
    "SavedView",
    "SecurityNotice",
    "SeenAlert",
    "SharedCount",
    "StatusChange",
    "UpkeepRun",
    "Watch",
    "WatchedOrder",
    "WorkerSign",
]
