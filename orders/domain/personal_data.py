"""What is personal, declared where the field is: `email: Email` hides an address and leaves its host.

A plain `str` is free text, and free text is personal by default (`orders.domain.free_text`). What is
neither is declared to be a code or a reference.
"""

from collections.abc import Callable
from enum import Enum
from typing import Annotated

import msgspec

from orders.domain.email_addresses import HIDDEN, is_address, mask_addresses

Mask = Callable[[str], str]

_ENOUGH_DIGITS = 7


def hidden(text: str) -> str:
    return HIDDEN if text else ""


def given_name(text: str) -> str:
    """`Pat` becomes `P••`; the number of dots never tells the name's length."""
    return f"{text[0]}••" if len(text) > 1 and text[0].isalpha() else hidden(text)


def family_name(text: str) -> str:
    return f"{text[0]}•••" if len(text) > 1 and text[0].isalpha() else hidden(text)


def full_name(text: str) -> str:
    first, *more = text.split() or [""]
    return " ".join([given_name(first), *(family_name(more[-1]) for _ in more[:1])]).strip()


def email(text: str) -> str:
    """`cora@example.com` becomes `c•••@example.com`; what is no single address is hidden whole."""
    return mask_addresses(text) if is_address(text) else hidden(text)


def phone(text: str) -> str:
    """`+1 555 0100 1234` becomes `•••1234`."""
    digits = [letter for letter in text if letter.isdigit()]
    return HIDDEN + "".join(digits[-4:]) if len(digits) >= _ENOUGH_DIGITS else hidden(text)


class Elsewhere(Enum):
    """How a personal value is found again in the texts of the same order."""

    NAME = "whole, and each of its words"
    WHOLE = "whole"
    NUMBER = "its digits, however they are grouped"


class Personal(msgspec.Struct, frozen=True):
    """Hidden by `mask` from whoever has not revealed the order, and found again in its texts.

    `keys` are the upstreams' own names for it, in lower case.
    """

    mask: Mask
    elsewhere: Elsewhere | None = None
    keys: tuple[str, ...] = ()


class Shown(Enum):
    """A text that is no free text. An e-mail address in it is hidden all the same."""

    CODE = "an ID, a code, a unit, a place"
    REFERENCE = "chosen by whoever ordered: it may name somebody, and its numbers are no phone numbers"


GivenName = Annotated[
    str, Personal(given_name, Elsewhere.NAME, ("firstname", "middlename", "givenname", "forename"))
]
FamilyName = Annotated[str, Personal(family_name, Elsewhere.NAME, ("lastname", "familyname", "surname"))]
Email = Annotated[
    str, Personal(email, Elsewhere.WHOLE, ("email", "emailaddress", "customeremail", "mail", "e-mail"))
]
Phone = Annotated[
    str, Personal(phone, Elsewhere.NUMBER, ("phone", "contactnumber", "phonenumber", "mobile", "telephone"))
]
Street = Annotated[
    str, Personal(hidden, Elsewhere.WHOLE, ("street1", "street2", "streetaddress", "street", "addressline1"))
]
PostalCode = Annotated[str, Personal(hidden, Elsewhere.WHOLE, ("postalcode", "zipcode", "zip", "postcode"))]
CardEnding = Annotated[str, Personal(hidden, Elsewhere.WHOLE, ("cardidentifier",))]
Expiry = Annotated[str, Personal(hidden, Elsewhere.WHOLE, ("expirydate",))]
Instructions = Annotated[str, Personal(hidden, Elsewhere.WHOLE, ("shipmentinstructions",))]
# Of an open map; which of them are known to be harmless is for `masking` to say, by their names.
Anything = Annotated[str, Personal(hidden)]

Code = Annotated[str, Shown.CODE]
Reference = Annotated[str, Shown.REFERENCE]
