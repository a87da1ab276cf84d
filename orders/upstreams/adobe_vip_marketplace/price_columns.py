"""Which of Adobe's prices have a column of their own; what each is stands in `terms.py`."""

from orders.domain.descriptions import PriceColumn, PriceColumns

# `also` are names that the documentation uses for the same thing on other pages.
ORDER_PRICES = PriceColumns(
    field="pricingSummary",
    columns=(
        PriceColumn("totalLineItemPartnerPrice", "1660.68", also=("totalLineItemPrice",)),
        PriceColumn("totalEarnedDealRegAmount", "150.00"),
    ),
    example="totalLineItemPartnerPrice EUR 1660.68",
    currency="priceCurrencyCode",
    currency_fields=("lineItems.currencyCode", "currencyCode"),
)

LINE_PRICES = PriceColumns(
    field="lineItems.pricing",
    columns=(
        PriceColumn("partnerPrice", "365.00"),
        PriceColumn("discountedPartnerPrice", "345.00"),
        PriceColumn("netPartnerPrice", "85.068", also=("proratedPartnerPrice",)),
        PriceColumn("lineItemPartnerPrice", "850.68", also=("lineItemPrice",)),
        PriceColumn("earnedDealRegPerUnit", "7.50"),
        PriceColumn("earnedDealRegAmount", "150.00"),
    ),
    example="partnerPrice EUR 365.00; netPartnerPrice EUR 85.068",
    currency="priceCurrencyCode",
    currency_fields=("lineItems.currencyCode", "currencyCode"),
)
