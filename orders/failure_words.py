"""What we say when an upstream doesn't answer as it should: what failed, what still holds, what to do."""

from typing import NamedTuple


class Words(NamedTuple):
    """`{label}` stands for the upstream's name. `say` can be read out to a customer on the line."""

    title: str
    text: str
    say: str = ""


FAILURES: dict[str, Words] = {
    "bad-request": Words(
        "{label} did not accept this request",
        "Nothing was changed. Mend the filter it names, or clear it, and try again.",
    ),
    "out-of-range": Words(
        "This page lies behind the last one",
        "There are fewer orders now than this address expects. Your filters are kept.",
    ),
    "credentials": Words(
        "{label} refuses this portal's connection",
        "It is not about you or this customer: the portal's own key or token was refused. "
        "Please tell your administrator; trying again will not help until it is mended.",
        "I can't reach the order system with our connection just now; we are on it.",
    ),
    "not-found-customer": Words(
        "{label} knows no such customer",
        "Check the ID for a missing or swapped character, and whether it belongs to another "
        "upstream. A customer who moved to another partner looks the same.",
    ),
    "not-found-order": Words(
        "{label} knows no such order of this customer",
        "Check the order ID, and whether the order belongs to another customer. "
        "The upstream does not say which of the two it is.",
    ),
    "not-found-yours": Words(
        "You have no such customer at {label}",
        "Check the ID for a missing or swapped character. Either {label} knows no such customer, or it "
        "belongs to an account that you don't manage: the portal does not say which of the two it is. "
        "An administrator can assign accounts.",
    ),
    "rate-limited": Words(
        "{label} asks us to slow down",
        "Too many requests are under way. Nothing was changed; your filters are kept.",
        "The order system is busy; I can look again in a moment.",
    ),
    "unavailable": Words(
        "{label} is not available",
        "It failed or dropped the connection. Nothing was changed; your filters are kept, and the "
        "other upstream is not affected.",
        "The order system is not answering at the moment; your orders are not affected by that.",
    ),
    "open": Words(
        "{label} has been failing, so we stopped asking for a moment",
        "Nothing was changed; your filters are kept, and the other upstream is not affected.",
        "The order system is not answering at the moment; your orders are not affected by that.",
    ),
    "timeout": Words(
        "{label} did not answer in time",
        "Nothing was changed; your filters are kept. Trying again continues the same request.",
        "The order system is slow to answer; let me try once more.",
    ),
    "bad-answer": Words(
        "{label}'s answer could not be read",
        "An answer came, but not one that can be trusted, so none of it is shown.",
    ),
    "not-configured": Words(
        "{label} is not configured",
        "This portal has no credentials for it. An administrator can set them; the other upstream "
        "works without.",
    ),
}
