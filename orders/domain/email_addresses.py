"""E-mail addresses within texts, however they are spelled, in time that grows with the text and no faster.

A pattern that looks for a whole address tries each letter as its first; here each `@` is found first,
and only what stands before it is looked at.
"""

import re

from orders.domain.bounded_text import cut

HIDDEN = "•••"

# A text with more addresses than this is hidden whole: it is a list of people, and no message.
_MOST_ADDRESSES = 200
_TOO_MANY = f"{HIDDEN} [hidden: more than {_MOST_ADDRESSES} e-mail addresses]"

# Wider than any mail server would accept: what is hidden by mistake can be revealed, not the reverse.
# In an address of a page the name begins after `=`, `&`, `/` or `?`, unless it ends in such a sign.
_NAME_REVERSED = re.compile(r"\"[^\"\r\n]{1,64}+\"|[=&/?]*+[^\s@<>\"(),:;=&/?]{1,254}+|[=&/?]++")
_LONGEST_NAME = 254
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*+")
_HOST_MARKS = frozenset("_-[")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;]{1,254}(?:@|%40)[\w-]++(?:\.[\w-]++)*+")

# `%40`, also encoded again; HTML's escapes; what people write where they don't want to be found by machines.
# Apart, because each begins with a character of its own, and is found by it.
_ENCODED_AT = re.compile(r"%(?:25){0,3}40(?=[\w-])")
_ESCAPED_AT = re.compile(r"&(?:\#0{0,6}64|\#[xX]0{0,6}40|commat);?")
_BRACKETED = re.compile(r"[\[({<]\s?(?:[aA][tT]|@)\s?[\])}>]")
_SPACED = re.compile(r"(?<=[\w\"]) @\s(?=[\w-]{1,63}\.\w)")
_WORD_AT = re.compile(r"(?<=\w) [aA][tT] (?=[\w-]{1,63}(?:\.[A-Za-z]{2}|\s?[\[({<]?\s?[dD][oO][tT]\b))")
_MARK = "\0"  # for an `@` whose neighbouring spaces belong to it
_BRACKETED_AT = re.compile(r"[aA][tT]\s?[)\]}>]")
_SIGN_BYTES = (b"@", b"&", b"(", b"\\")
_FEW = 200


def may_hold_address(text: str) -> bool:
    """Whether a text is worth a closer look; most aren't."""
    # Written out and by single characters first, because this is asked of every text of every order.
    if "@" in text or "%" in text or "&" in text or "\\" in text:
        return True
    if not text.isascii() and ("＠" in text or "﹫" in text):
        return True
    if ")" in text or "]" in text or "}" in text or ">" in text:
        return _BRACKETED_AT.search(text) is not None or _has_word_at(text)
    return " " in text and _has_word_at(text)


def _has_word_at(text: str) -> bool:
    return " at " in text or " AT " in text or " At " in text


def body_may_hold_address(body: bytes) -> bool:
    """The same for a JSON document that holds no sentences, at a hundredth of the time it takes to read."""
    if not body.isascii() or any(sign in body for sign in _SIGN_BYTES):
        return True
    if body.count(b"%") > _FEW:
        return True
    position = body.find(b"%")
    while position >= 0:
        if body[position + 1 : position + 3] == b"40" or body[position + 3 : position + 5] == b"40":
            return True
        position = body.find(b"%", position + 1)
    return False


def mask_addresses(text: str) -> str:
    """`cora@example.com` becomes `c•••@example.com`, wherever it stands in a text."""
    text = cut(text)
    return hide_addresses(plainly_spelled(text)) if may_hold_address(text) else text


def plainly_spelled(text: str) -> str:
    """The text with an `@` in place of whatever stands for one."""
    if "%" in text:
        # One more than a text may have is enough for it to be hidden whole.
        text = _ENCODED_AT.sub("@", text, count=_MOST_ADDRESSES + 1)
    if "&" in text:
        text = _ESCAPED_AT.sub("@", text)
    if not text.isascii():
        text = text.replace("＠", "@").replace("﹫", "@")
    text = text.replace("\\u0040", "@")
    if _BRACKETED_AT.search(text) or "@)" in text or "@]" in text or "@}" in text or "@>" in text:
        text = _BRACKETED.sub(_MARK, text.replace(_MARK, ""))
        text = text.replace(f" {_MARK}", _MARK).replace(f"{_MARK} ", _MARK).replace(_MARK, "@")
    if " @ " in text:
        text = _SPACED.sub("@", text)
    return _WORD_AT.sub("@", text) if _has_word_at(text) else text


def is_address(text: str) -> bool:
    """Whether the text is one e-mail address and nothing else."""
    return _ADDRESS.fullmatch(text) is not None


def hide_addresses(text: str) -> str:
    """`cora@example.com` becomes `c•••@example.com`."""
    parts = text.split("@")
    if len(parts) > _MOST_ADDRESSES + 1:
        return _TOO_MANY
    for index in range(len(parts) - 1):
        length = _length_of_name(parts, index)
        if length:
            before = parts[index]
            parts[index] = before[:-length] + _hidden_name(before[-length:])
    return "@".join(parts)


def replace_addresses(text: str, replacement: str) -> str:
    """The text with `replacement` in place of each whole address, as a log wants it."""
    text = _ENCODED_AT.sub("@", text) if "%" in text else text
    if "@" not in text:
        return text
    parts = text.split("@")
    if len(parts) > _MOST_ADDRESSES + 1:
        return _TOO_MANY
    kept = [parts[0]]
    for index in range(len(parts) - 1):
        following = parts[index + 1]
        length = _length_of_name(parts, index)
        if not length:
            kept += ["@", following]
            continue
        kept[-1] = kept[-1][:-length] + replacement
        host = _HOST.match(following)
        kept.append(following[host.end() :] if host else following)
    return "".join(kept)


def _length_of_name(parts: list[str], index: int) -> int:
    """How many characters at the end of a part are the name of an address; 0 where there is none."""
    following = parts[index + 1]
    # An `@` typed twice is one.
    is_doubled = not following and index + 2 < len(parts)
    if not (following[:1].isalnum() or following[:1] in _HOST_MARKS or is_doubled):
        return 0
    name = _NAME_REVERSED.match(parts[index][: -_LONGEST_NAME - 1 : -1])
    return name.end() if name is not None else 0


def _hidden_name(name: str) -> str:
    return f"{name[0]}{HIDDEN}" if len(name) > 1 and name[0].isalnum() else HIDDEN
