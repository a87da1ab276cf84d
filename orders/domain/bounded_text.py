"""How long a text of an upstream may be; a longer one is cut, and says so.

No title, message or note that was seen comes near the bound, and every pass over texts may rely on it.
"""

LONGEST_TEXT = 10_000
LONGEST_NAME = 200  # of a field that the upstream names itself
_CUT = " … [cut: {:,} characters]"
_LONGEST_WORD = 300


def cut(text: str, longest: int = LONGEST_TEXT, *, length: int | None = None) -> str:
    """`text`, or its first `longest` characters and a word on how long it was: `length`, where given."""
    if len(text) <= longest:
        return text
    kept = text[:longest]
    # Half of a name or number would no longer be known for what it is.
    end = max(kept.rfind(" ", longest - min(longest, _LONGEST_WORD)), 0) or longest
    return kept[:end] + _CUT.format(length or len(text))
