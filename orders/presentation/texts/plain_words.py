"""Codes of upstreams that have a plain word, and their own words, which are marked as theirs."""

from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from orders.presentation.markup import markup
from orders.presentation.texts.phrases import Text, shortened

# What both upstreams write their messages in, whoever reads them.
THEIR_LANGUAGE = "en"

PAYMENT_METHODS: dict[str, Text] = {
    "credit_card": _("Credit card"),
    "debit_card": _("Debit card"),
    "gift_card": _("Gift card"),
    "store_credit": _("Store credit"),
    "bank_transfer": _("Bank transfer"),
    "invoice": _("Invoice"),
}
CUSTOMER_STATES: dict[str, Text] = {"active": _("Active"), "inactive": _("Inactive")}
PHONE_KINDS: dict[str, Text] = {"home": _("home"), "mobile": _("mobile"), "work": _("work")}
ANSWERS: dict[str, Text] = {"yes": _("yes"), "no": _("no")}
# Why a customer could not be read: the words of `data-error`.
CAUSES: dict[str, Text] = {
    "bad-answer": _("answer not readable"),
    "bad-request": _("request refused"),
    "busy": _("too many requests"),
    "credentials": _("connection refused"),
    "incomplete": _("answer not complete"),
    "not-configured": _("not configured"),
    "not-found": _("customer not known there"),
    "rate-limited": _("asked to slow down"),
    "timeout": _("no answer in time"),
    "unavailable": _("not available"),
}


def word_of(words: dict[str, Text], value: str) -> str:
    """The word for a code, however its letters are written."""
    return str(words.get(value.casefold().replace(" ", "_"), value))


def language_words(code: str) -> str:
    """`English (US)` for `en_US`."""
    language, _sign, region = code.replace("_", "-").partition("-")
    try:
        name = get_language_info(language.lower())["name_translated"]
    except KeyError:
        return code
    return f"{name} ({region.upper()})" if region else name


def theirs(text: str) -> SafeString | str:
    """An upstream's own words: a screen reader speaks them in their language, whatever the page's is."""
    return markup('<span lang="{}">{}</span>', THEIR_LANGUAGE, text) if text else ""


def theirs_within(sentence: str, text: str) -> SafeString:
    """A sentence of ours that quotes an upstream's words: those alone are marked."""
    before, quoted, after = sentence.partition(shortened(text)) if text.strip() else (sentence, "", "")
    return markup("{}{}{}", before, theirs(quoted), after)
