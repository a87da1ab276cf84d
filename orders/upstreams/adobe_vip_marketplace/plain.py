"""Lines that need no care: nearly all of them, and there are millions in a file."""

from orders.upstreams.adobe_vip_marketplace import wire

_TOO_LARGE = 10**9  # for the short way, not for the long one


def is_plain(item: wire.Line) -> bool:
    """Whether a line has what nearly all have, in the documented types, and nothing else."""
    return (
        type(item.offer_id) is str
        and type(item.subscription_id) is str
        and type(item.status) is str
        and type(item.currency_code) is str
        and type(item.ext_line_item_number) is int
        and -_TOO_LARGE < item.ext_line_item_number < _TOO_LARGE
        and type(item.quantity) is int
        and -_TOO_LARGE < item.quantity < _TOO_LARGE
        and (
            (left := item.remaining_quantity) is None
            or (type(left) is int and -_TOO_LARGE < left < _TOO_LARGE)
        )
        and item.deployment_id
        is item.discount_code
        is item.flex_discounts
        is item.flex_discount_codes
        is item.prorated_days
        is item.reference_line_item_number
        is item.is_deal_registered
        is item.pricing
        is item.links
        is None
    )
