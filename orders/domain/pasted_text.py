"""Text as people paste it, taken apart: addresses, IDs with what is said of them, and what is none of these.

Nothing here knows what an ID leads to; `orders.domain.lookup` decides that.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping

import msgspec

from orders.domain.identifiers import clean_identifier, is_identifier, without_unseen

MOST_MENTIONS = 500

CUSTOMER, ORDER, OTHER, PHONE = "customer", "order", "other", "phone"
# What was meant as a number, by its digits, and can be nobody's: too long, or with signs that no ID has.
UNREADABLE = "unreadable"
_FEWEST_DIGITS = 4
_LONGEST_UNREADABLE = 64

# What a word says of the ID behind it. A plural speaks of all that follow.
_LABELS = {
    **dict.fromkeys(("customer", "customerid", "customers", "client", "cust", "account"), CUSTOMER),
    **dict.fromkeys(("order", "orderid", "orders", "ord", "purchase"), ORDER),
    **dict.fromkeys(
        (
            *("subscription", "subscriptionid", "subscriptions", "offer", "offerid", "offers", "reseller"),
            *("resellerid", "deployment", "deploymentid", "reference", "ref", "externalreferenceid", "po"),
            *("ticket", "case", "invoice", "line", "sku", "plan", "item", "error", "code", "request"),
        ),
        OTHER,
    ),
    **dict.fromkeys(("phone", "tel", "telephone", "mobile", "cell", "fax", "call", "dial", "sms"), PHONE),
}
# Words that may stand between a label and its ID.
_FILLERS = frozenset(
    {"id", "ids", "number", "numbers", "no", "nr", "num", "is", "was", "the", "this", "their"}
)
# Between the word for a phone and its number stands more: `call me back on 5551234567`.
_PHONE_FILLERS = frozenset({"me", "us", "him", "her", "them", "at", "on", "back", "under", "via"})
_JOINING = frozenset({"and", "or"})

# Every pattern is bounded, so that reading takes a time in proportion to the text, whatever is in it.
_LONG_RUN = re.compile(r"[^\s,;:=&?|/\\()\[\]{}<>\"'`]{200,}")
_PART_OF_MAIL = re.compile(r"[^\s<>\"'(),;:]+")
_WHEN = re.compile(
    r"(?<![\w.-])(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}:\d\d(?::\d\d)?)(?![\w-]|\.\d)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"(?:[$€£¥]|\b(?:EUR|USD|GBP|JPY|CAD|AUD)\b)\s?\d{1,3}(?:[.,]?\d{3}){0,2}(?:[.,]\d{1,3})?(?!\d)"
    r"|(?<![\w.,])\d{1,3}(?:[.,]?\d{3}){0,2}(?:[.,]\d{1,3})?\s?(?:[%$€£¥]|\b(?:EUR|USD|GBP|JPY|CAD|AUD)\b)"
)
# These come before dates, whose dots a phone's number may have.
_PHONES_SURELY = (
    re.compile(r"\+\s?\d(?:[\s().\-/]{0,3}\d){5,14}(?!\d)"),
    re.compile(r"\(\d{2,5}\)[\s.\-]{0,2}\d(?:[\s.\-/]?\d){3,10}(?!\d)"),
    re.compile(r"(?<![\w.-])00[1-9]\d{0,2}(?:[\s./-]\d{2,4}){2,5}(?![\w-])"),
)
# Groups, as a phone's digits are written: none is as long as an ID.
_PHONES = (
    re.compile(r"(?<![\w.-])0\d{1,5}[\s/.-]\d{3,8}(?:[\s.-]\d{2,8}){0,3}(?![\w-])"),
    re.compile(r"(?<![\w.-])\d{1,5}(?:[ .-]\d{2,4}){2,5}(?![\w-])"),
    re.compile(r"(?<![\w.-])\d{3}[-.]\d{4}(?![\w-])"),
)
# IDs that went through a spreadsheet: `1000000137.0` and `1,000,000,137`.
_AS_FLOAT = re.compile(r"(?<![\w.,-])(\d{6,40})\.0+(?![\w.])")
_GROUPED = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3}){2,12}(?![\w.,-])")
# IDs whose shape tells that they are of something else: offers, Adobe's subscriptions, requests.
_OF_OTHERS = re.compile(
    r"[0-9]{8}[A-Z]{2}[0-9A-Z]{2}[0-9A-Z][0-9]{2}|[0-9a-f]{20,38}NA"
    r"|[0-9A-Fa-f]{6,8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{8,12}"
)
_SEPARATORS = re.compile(r"[\s,;:=&?|/\\()\[\]{}<>\"'`“”„‘’«»…#*]+")


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """An ID in a text. `label` is what the text calls it, `system` the upstream it was named with.

    Labelled `UNREADABLE` it is none, but the text that stands where one was meant.
    """

    identifier: str
    label: str = ""
    system: str = ""


class Pasted(msgspec.Struct, frozen=True, kw_only=True):
    """`is_bare` where the text is nothing but its IDs; `systems` are all the upstreams that it names.

    `times` says how often each ID stands there; `is_cut` that there are more than are read.
    """

    mentions: tuple[Mention, ...] = ()
    systems: tuple[str, ...] = ()
    is_bare: bool = False
    has_mail: bool = False
    has_phone: bool = False
    times: Mapping[str, int] = {}
    is_cut: bool = False

    @property
    def readable(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.mentions if mention.label != UNREADABLE)


def plain_text(text: str) -> str:
    """As it was meant to be seen, each line by itself, lines that a shell continues joined."""
    joined = re.sub(r"[\\^`]\r?\n", " ", text)
    return "\n".join(without_unseen(line) for line in joined.splitlines()).strip()


def read_pasted(text: str, systems: Collection[str]) -> Pasted:
    """What a text without addresses mentions; `systems` are the upstreams' names, in small letters."""
    reader = _Reader(systems)
    text = _PART_OF_MAIL.sub(reader.drop_mail, _LONG_RUN.sub(" ", text))
    text = re.sub(r"\S+", _no_path, text)
    text = _GROUPED.sub(lambda found: found[0].replace(",", ""), _AS_FLOAT.sub(r"\1", text))
    for pattern in _PHONES_SURELY:
        text = pattern.sub(reader.drop_phone, text)
    text = _MONEY.sub(" ", _WHEN.sub(" ", text))
    for pattern in _PHONES:
        text = pattern.sub(reader.drop_phone, text)
    every = list(reader.read(text))
    mentions = tuple(dict.fromkeys(every))
    return Pasted(
        mentions=mentions[:MOST_MENTIONS],
        times=Counter(mention.identifier for mention in every),
        is_cut=len(mentions) > MOST_MENTIONS,
        systems=tuple(reader.named),
        is_bare=not reader.has_words and "\n" not in text,
        has_mail=reader.has_mail,
        has_phone=reader.has_phone,
    )


def is_strong(identifier: str) -> bool:
    """Whether it looks like an ID even in the middle of a sentence: long, and mostly digits."""
    digits = sum(sign.isdigit() for sign in identifier)
    return digits >= 8 or (len(identifier) >= 20 and digits >= 4)


def _no_path(found: re.Match[str]) -> str:
    """A blank for an address or a path: one that leads to a customer has been read before."""
    return " " if "://" in found[0] or re.search(r"/[A-Za-z_]", found[0]) else found[0]


def is_year(identifier: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", identifier) is not None


class _Reader:
    """Goes through the words once, remembering what the last of them said of the IDs to come."""

    def __init__(self, systems: Collection[str]) -> None:
        self._systems = systems
        self._label = ""
        self._stays = False  # a plural: it speaks of more than one
        self.named: dict[str, None] = {}
        self.has_words = False
        self.has_phone = False
        self.has_mail = False

    def drop_mail(self, found: re.Match[str]) -> str:
        if "@" not in found[0].strip("@"):
            return found[0]
        self.has_mail = True
        return " "

    def drop_phone(self, found: re.Match[str]) -> str:
        """A blank in its place, where it has as many digits as a phone's number can have."""
        if not 7 <= sum(sign.isdigit() for sign in found[0]) <= 15:
            return found[0]
        self.has_phone = True
        return " "

    def read(self, text: str) -> Iterator[Mention]:
        for token in _SEPARATORS.split(text):
            word = clean_identifier(token)
            if not any(sign.isdigit() for sign in word):
                self._heed(word)
            elif is_identifier(word):
                yield from self._mention(word)
            elif sum(sign.isdigit() for sign in word) >= _FEWEST_DIGITS and word.isprintable():
                yield Mention(identifier=word[:_LONGEST_UNREADABLE], label=UNREADABLE)

    def _mention(self, word: str) -> Iterator[Mention]:
        if self._label == PHONE or (self.has_phone and word.isdigit() and len(word) < 5):
            self.has_phone = True  # or its extension
        else:
            label = OTHER if _OF_OTHERS.fullmatch(word) else self._label
            yield Mention(identifier=word, label=label, system=next(reversed(self.named), ""))
        if not self._stays:
            self._label = ""

    def _heed(self, word: str) -> None:
        plain = re.sub(r"[^a-z]", "", word.lower())
        if not plain:
            return
        if plain in self._systems:
            self.named.pop(plain, None)
            self.named[plain] = None
            return
        self.has_words = True
        if plain in _LABELS:
            self._label, self._stays = _LABELS[plain], plain.endswith("s") and plain != "sms"
        elif not (
            plain in _FILLERS
            or (self._stays and plain in _JOINING)
            or (self._label == PHONE and plain in _PHONE_FILLERS)
        ):
            self._label, self._stays = "", False
