"""Reads the portal's pages as a person or a script would: by elements and hooks, not by templates."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
UNSEEN = frozenset({"script", "style", "head", "template"})


@dataclass
class Element:
    """`attributes` hold None for those without a value, as HTML has them."""

    name: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, attribute: str) -> str:
        return self.attributes[attribute] or ""

    def get(self, attribute: str) -> str | None:
        return self.attributes.get(attribute)

    def __iter__(self) -> Iterator["Element"]:
        """This element and all within it, in the order of the page."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [child for child in reversed(element.children) if isinstance(child, Element)]

    def all(self, name: str = "", /, **wanted: str | bool) -> list["Element"]:
        """Elements by name and attributes: `all("a", rel="next")`, `all(data_order_id=True)`."""
        return [element for element in self if element._is(name, wanted)]

    def one(self, name: str = "", /, **wanted: str | bool) -> "Element":
        found = self.all(name, **wanted)
        assert len(found) == 1, f"{len(found)} elements are {name or 'any'} {wanted}"
        return found[0]

    def _is(self, name: str, wanted: dict[str, str | bool]) -> bool:
        if name and self.name != name:
            return False
        for key, value in wanted.items():
            attribute = key.rstrip("_").replace("_", "-")
            if attribute not in self.attributes:
                return False
            if value is not True and value not in {
                self.attributes[attribute],
                *((self.attributes[attribute] or "").split() if attribute == "class" else ()),
            }:
                return False
        return True

    @property
    def raw_text(self) -> str:
        return "".join(child if isinstance(child, str) else child.raw_text for child in self.children)

    @property
    def text(self) -> str:
        """What is to be read, with white space as a browser would have it."""
        return " ".join("".join(self._seen()).split())

    def _seen(self) -> Iterator[str]:
        if self.name in UNSEEN:
            return
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                yield from child._seen()
                if child.name not in {"b", "i", "span", "a", "code", "strong", "sup"}:
                    yield " "


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("#document")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> repeats an attribute: {names}"
        element = Element(tag, dict(attrs))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open[-1].name == tag, f"</{tag}> closes <{self._open[-1].name}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Element:
    """The whole page as a tree. Every element has to be closed, in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader._open == [reader.root], f"not closed: {[element.name for element in reader._open]}"
    return reader.root


class Page:
    """A response of the portal, read by the hooks of the outer contract."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        self.html: str = response.content.decode()
        self.root = parse(self.html)

    @property
    def main(self) -> Element:
        return self.root.one("main")

    @property
    def text(self) -> str:
        return self.main.text

    @property
    def result(self) -> Element:
        return self.root.one(data_total_count=True)

    @property
    def window(self) -> tuple[str, str, str]:
        """The result's size as it stands in the hooks: total, offset, limit."""
        hooks = self.result
        return hooks["data-total-count"], hooks["data-offset"], hooks["data-limit"]

    @property
    def order_ids(self) -> list[str]:
        return [row["data-order-id"] for row in self.root.all("tr", data_order_id=True)]

    def row(self, order_id: str) -> Element:
        return self.root.one("tr", data_order_id=order_id)

    def column(self, heading: str) -> list[str]:
        """The texts of one column, by its heading."""
        table = self.root.all("table", class_="orders")[0]
        headings = [cell.text for cell in table.all("th")]
        place = headings.index(heading)
        rows = [row for row in table.one("tbody").all("tr") if row.get("class") != "group"]
        return [row.all("td")[place].text for row in rows]

    @property
    def position(self) -> str:
        return self.root.one(class_="pager").all("span")[0].text

    @property
    def notices(self) -> dict[str, str]:
        return {notice["data-notice"]: notice.text for notice in self.root.all(data_notice=True)}

    def link(self, rel: str) -> str:
        """The address of the one link with this relation, empty where there is none."""
        links = [link for link in self.root.all("a") if rel in (link.get("rel") or "").split()]
        assert len(links) <= 1, f"several links are rel={rel}"
        return links[0]["href"] if links else ""

    @property
    def error(self) -> Element:
        return self.root.one(data_error=True)

    @property
    def error_word(self) -> str:
        """Empty where nothing failed."""
        return self.error["data-error"] if self.root.all(data_error=True) else ""

    @property
    def retry_address(self) -> str:
        return self.root.one(data_retry=True)["href"]

    @property
    def support_text(self) -> str:
        return self.root.one(data_ticket=True).raw_text

    @property
    def filters(self) -> list[tuple[str, str]]:
        """What the filter form would send if it were submitted now, blanks left out."""
        form = self.root.one("aside").one("form")
        sent = []
        for field_ in form.all("input"):
            if field_.get("type") in {"checkbox", "radio"} and "checked" not in field_.attributes:
                continue
            if field_.get("name") and field_.get("value"):
                sent.append((field_["name"], field_["value"]))
        return sent

    @property
    def field_errors(self) -> dict[str, str]:
        """The words at each field of the filter form, by the name of its input."""
        found = {}
        for box in self.root.one("aside").one("form").all():
            is_box = box.name == "fieldset" or box.get("class") == "field-group"
            if is_box and box.all(class_="field-error"):
                found[box.all("input")[0]["name"]] = box.one(class_="field-error").text
        return found

    def facts(self, block: str) -> dict[str, str]:
        """The named facts of one block of an order's page, by the block's title.

        Two addresses that are the same stand once, and either name finds them.
        """
        both = self.root.all("section", aria_label="Ship to and bill to")
        is_either = block in {"Ship to", "Bill to"} and both
        box = both[0] if is_either else self.root.one("section", aria_label=block)
        return {pair.one("dt").text: pair.one("dd").text for pair in box.one("dl").all("div")}

    @property
    def raw_json(self) -> Any:
        return json.loads(self.root.one(id="raw-json").raw_text)


def query_of(address: str) -> list[tuple[str, str]]:
    """The parameters of an address, in order, repeats included."""
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)
