"""Two recordings, side by side."""

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

_MOST_LINES = 60  # of one difference; a page that is all different says so in fewer
_LONGEST_LINE = 400


def differences(before: Path, after: Path) -> Iterator[str]:
    """A unified diff for each address that answers differently, or that only one of them has."""
    earlier, later = _files(before), _files(after)
    for name in sorted(earlier | later):
        if name not in later:
            yield f"only before: {name}"
        elif name not in earlier:
            yield f"only after: {name}"
        else:
            yield from _diff(name, before, after)


def changes(before: Path, after: Path) -> Iterator[str]:
    """Each different change once, with how many addresses have it and what one of them is called."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in sorted(_files(before) & _files(after)):
        was, is_now = ((root / name).read_text().splitlines() for root in (before, after))
        for _, a, b, c, d in _different(was, is_now):
            change = (*(f"-{line}" for line in was[a:b]), *(f"+{line}" for line in is_now[c:d]))
            found.setdefault(change, []).append(name)
    for change, names in sorted(found.items(), key=lambda item: -len(item[1])):
        yield "\n".join([f"{len(names)} × as in {names[0]}", *_shortened(change)])


def _different(was: list[str], is_now: list[str]) -> list[tuple[str, int, int, int, int]]:
    if was == is_now:
        return []
    matcher = difflib.SequenceMatcher(None, was, is_now, autojunk=False)
    return [each for each in matcher.get_opcodes() if each[0] != "equal"]


def _diff(name: str, before: Path, after: Path) -> Iterator[str]:
    was, is_now = ((root / name).read_text() for root in (before, after))
    if was == is_now:
        return
    lines = difflib.unified_diff(was.splitlines(), is_now.splitlines(), name, name, n=1, lineterm="")
    yield "\n".join(_shortened(list(lines)))


def _shortened(lines: Sequence[str]) -> list[str]:
    shown = [
        line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines[:_MOST_LINES]
    ]
    return [*shown, f"… and {len(lines) - len(shown)} more lines"] if len(lines) > len(shown) else shown


def _files(root: Path) -> set[str]:
    if not root.is_dir():
        raise NotADirectoryError(root)
    return {str(path.relative_to(root)) for path in root.rglob("*.txt")}
