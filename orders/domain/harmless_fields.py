"""Which of the upstreams' fields are known to be harmless. All others are hidden in the raw JSON.

An upstream may add a field about a person at any time, and must not have to tell us first. Names are in
lower case. A new field that says nothing of people is added here, after a look at what it holds.
"""

# IDs, codes, figures and instants: shown as they are, but for an e-mail address in them.
# fmt: off
CODES = frozenset({
    # both
    "id", "customerid", "status", "currencycode", "quantity", "code", "result", "country", "state", "city",
    "kind",
    # Adobe: https://developer.adobe.com/vipmp/docs/order-management/get-order/
    "orderid", "ordertype", "referenceorderid", "referencedorderid", "creationdate", "lastmodifieddate",
    "extlineitemnumber", "offerid", "remainingquantity", "subscriptionid", "deploymentid", "discountcode",
    "prorateddays", "referencelineitemnumber", "isdealregistered", "flexdiscountcodes", "method", "rel",
    "relation", "totalcount", "count", "offset", "limit",
    # fabric
    "totalamount", "totaltax", "totaldiscount", "scheduleddate", "createdat", "updatedat", "statusupdatedat",
    "isdeleted", "deletedat", "merchantid", "ordernumber", "lineitemid", "sku", "weight", "price", "taxcode",
    "taxamount", "shippingamount", "frequency", "discount", "retrytype", "retrycount", "maxretries",
    "retryafterdays", "errorcode", "paymentmethod", "paymentkind", "locale", "segment", "segments",
    "hasactivesubscriptions", "sms",
})

# Chosen by whoever ordered, and addresses: their numbers are no phone numbers.
REFERENCES = frozenset({"externalreferenceid", "customerreferenceid", "uri"})

# Sentences and titles: shown without what is personal in them.
TEXTS = frozenset({
    "title", "description", "errormessage", "message", "source", "weightunit", "frequencytype",
    "shipmentcarrier", "shipmentmethod",
})

# What holds fields, and is no field itself. Within any other object or list everything is hidden.
CONTAINERS = frozenset({
    "lineitems", "cancellingitems", "links", "self", "next", "prev", "promotions", "flexdiscounts", "pricing",
    "pricingsummary", "item", "itemprice", "tax", "shipping", "offer", "subscription", "plan", "retry",
    "error", "customer", "shipto", "billto", "paymentdetails", "paymentidentifier", "name", "streetaddress",
    "phone", "communicationpreference",
})

# Within these a title or a message is no harmless text: it is somebody's.
ABOUT_A_PERSON = frozenset({"customer", "shipto", "billto", "paymentdetails"})

PRICES = frozenset({"pricing", "pricingsummary"})

# Of an open map, whose names the merchant chooses: what the documentation's own examples hold, and what our
# adapters read of a customer.
_ATTRIBUTES = frozenset({
    "storeid", "trackingurl", "locale", "segments", "isdeleted", "deletedat", "createdat", "updatedat",
    "communicationpreference.email", "communicationpreference.sms",
})
# fmt: on


def is_harmless_attribute(name: str) -> bool:
    return name.lower() in _ATTRIBUTES
