"""One customer whose orders may, may not, and may perhaps be returned: the edges of fourteen days."""

from orders.sandbox.adobe.account_pen import Pen

_SUITE, _VECTOR, _PHOTO = "71104418CA02A12", "71104522CA02A12", "71415590CA02X12"
_SIGN = "71500283CAT1A12"


def returns(pen: Pen) -> None:
    """Days are counted from today's midnight, so that the fourteenth is whole whatever the hour."""
    pen.renews(pen.day(100))
    suite = pen.subscription("71104418CA01A12", 34, usedQuantity=20)
    vector = pen.subscription("71104522CA01A12", 6)
    sign = pen.subscription(_SIGN, 500)
    photo = pen.subscription("71415590CA01X12", 100)
    for days in (-13, -14, -15):
        pen.order("NEW", days, [pen.line(_SUITE, 8, suite)])
    partly = pen.order("NEW", -6.5, [pen.line(_SUITE, 10, suite)])
    pen.returned(partly, 4, -2.5)
    # From before Adobe counted: what is left has to be worked out from the returns.
    uncounted = pen.order("NEW", -7.5, [pen.line(_SUITE, 9, suite)])
    del uncounted["lineItems"][0]["remainingQuantity"]
    pen.returned(uncounted, 3, -1.5)
    gone = pen.order("NEW", -9.5, [pen.line(_SUITE, 5, suite)])
    switch = pen.order(
        "SWITCH",
        -3.5,
        [pen.line(_VECTOR, 5, vector)],
        cancellingItems=[
            {
                "extLineItemNumber": 2,
                "offerId": _SUITE,
                "quantity": 5,
                "subscriptionId": suite["subscriptionId"],
                "referenceLineItemNumber": 1,
            }
        ],
    )
    gone["lineItems"][0]["remainingQuantity"] = 0
    undone = pen.order("SWITCH", -5.5, [pen.line(_VECTOR, 1, vector)], status="1008", cancellingItems=[])
    undone["lineItems"][0] |= {"status": "1008", "remainingQuantity": 0}
    pen.order("REVERT_SWITCH", -4.5, [pen.line(_SUITE, 1, suite)], referenceOrderId=undone["orderId"])
    switch["externalReferenceId"] = "SWITCHED-AWAY"
    pen.order("NEW", -2.2, [pen.line(_SIGN, 500, sign)])
    pen.order("NEW", -3.2, [pen.line(_PHOTO, 100, photo)])
    whole = pen.order("NEW", -8.5, [pen.line(_VECTOR, 2, vector)])
    pen.returned(whole, 2, -5.2)
