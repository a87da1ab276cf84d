"""Parcel House as the portal knows it before it asks."""

from orders.domain.advice import OURS, OWN_READING, Shipped
from orders.domain.descriptions import Description
from orders.upstreams.manifests import Manifest, Setting
from tests.upstreams.third_upstream.parcel_house.source import ParcelHouse, read_problem
from tests.upstreams.third_upstream.parcel_house.terms import STATUSES, ParcelQuery

MANIFEST = Manifest(
    description=Description(
        name="parcels",  # stands in our addresses: lower case, no signs
        label="Parcel House",
        short_label="Parcels",
        pages_upstream=True,
        query=ParcelQuery,
        supports=frozenset({"statuses"}),  # the fields of the query it evaluates itself
        columns=("orderId", "creationDate", "status", "lineItemCount"),
        line_columns=("extLineItemNumber", "title", "quantity"),
        statuses=STATUSES,
        address_pattern=r"/api/clients/(?P<customer>[\w-]+)/parcels(?:/(?P<order>[\w-]+))?",
        customer_id_pattern=r"CL-\d+",
        default_limit=10,
        order_advice={"parcels.status.LOST": Shipped("Ask the customer to wait for us.", OURS, OWN_READING)},
    ),
    settings=(
        Setting("base_url", "https://parcels.example", "address"),
        Setting("house", "portal", "header"),  # one of its own: PARCELS_HOUSE in the environment
        Setting("access_token", kind="header"),
        Setting("client_id"),
        Setting("client_secret"),
        Setting("token_url", kind="address"),
    ),
    source=lambda client, budget: ParcelHouse(client),
    read_problem=read_problem,
    secret_in="body",  # or "basic": how its token service wants our secret
    headers=lambda given: {"X-House": given["house"]},  # what every request carries beside the token
)
