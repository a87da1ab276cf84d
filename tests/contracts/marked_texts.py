"""Reads Python and templates for texts that a translator would never see, or see only in pieces."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from django.template.base import Lexer, TokenType

MARKERS = {
    *("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"),
    *("npgettext", "npgettext_lazy", "_", "plural"),
}
# Calls whose texts are for us who mend the portal: logs, programming errors, regular expressions, SQL.
FOR_DEVELOPERS = {
    *("debug", "info", "warning", "error", "exception", "critical", "log", "log_response", "getLogger"),
    *("Http404", "TypeError", "ValueError", "LookupError", "KeyError", "RuntimeError", "AssertionError"),
    *(
        "TypeVar",
        "DoesNotExist",
        "PermissionDenied",
        "ImproperlyConfigured",
        "NotImplementedError",
        "OSError",
        "compile",
        "fullmatch",
        "execute",
        "_Stage",
    ),
    # Names of metrics and their explanations; what is refused, for the ledger.
    *("GaugeMetricFamily", "CounterMetricFamily", "HistogramMetricFamily", "refuse"),
}
# Their fourth argument is an upstream's field, and their sixth an example of its values.
COLUMN_MAKERS = {"_column", "_personal"}
# Arguments and entries that are for browsers, or show an upstream's own words.
FOR_BROWSERS = {"class", "samesite", "style", "template_name", "scope", "example", "source_field"}
# Arguments that are always read by people, be they one word or many.
READ_BY_PEOPLE = {
    *("label", "heading", "meaning", "help_text", "verbose_name", "verbose_name_plural", "empty_label"),
    *("unit", "description", "title", "placeholder"),
}
_WORDS = re.compile(r"[A-Za-z][a-z']+[,;:.]? (a |)[A-Za-z'“]{2,}|^\d+ [a-z]{3,}")
# One capital and small letters: a word for people, where a code would be all of one kind.
_WORD = re.compile(r"[A-Z][a-z]{2,}")
# Names that are written like words.
NAMES = {
    *(
        "Accept",
        "Allow",
        "Authorization",
        "Basic",
        "Bearer",
        "Cookie",
        "Daily",
        "Forwarded",
        "Host",
        "Location",
    ),
    *("Monthly", "None", "Origin", "Permissions", "Referer", "Signature", "Vary", "Weekly", "Yearly"),
    # Parts of columns' names, which never change.
    *("Street", "City", "State", "Country", "Email", "Phone"),
    "Orders Portal",
}
_LETTERS = re.compile(r"[A-Za-z]{2,}")
# As they stand in the ledger and in the database, which know no languages.
RECORDS = {
    *("command line", "its owner was switched off", "its owner lost a right", "the password changed"),
    *("customer-service agent", "account manager", "read export"),
}
# A word beside something that is filled in.
_FILLED = re.compile(r"\b(?!Bearer)[A-Za-z][a-z]{2,}[,:]? \0|\0 [a-z]{3,}\b(?![-=])")
_ENDINGS = {
    frozenset({"", "s"}),
    frozenset({"", "es"}),
    frozenset({"y", "ies"}),
    frozenset({" was", "s were"}),
}
_TAGS = re.compile(r"<[^<>]*>")


class Find(NamedTuple):
    line: int
    text: str


def is_prose(text: str) -> bool:
    """Two words in a row, or one with a capital, beside the markup: a code or an address has none."""
    text = _TAGS.sub("", text).strip()
    if text in RECORDS or text.startswith(("Bearer realm", "text/")):
        return False
    if text in NAMES:
        return False
    if _WORD.fullmatch(text):
        return True
    return _WORDS.search(text) is not None


def _name(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_told(call: ast.Call) -> bool:
    """`messages.error(…)` is for whoever looks at the page, `logger.error(…)` for us."""
    function = call.func
    where = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(where, ast.Name) and where.id == "messages"


class _Texts(ast.NodeVisitor):
    """Finds literals outside the markers, and messages in pieces."""

    def __init__(self) -> None:
        self.unmarked: list[Find] = []
        self.pieces: list[Find] = []

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node)
        if name in MARKERS:
            self._check_message(node)
            return
        if name in FOR_DEVELOPERS and not _is_told(node):
            return
        if name == "join" and any(_is_message(each) for argument in node.args for each in _parts(argument)):
            self.pieces.append(Find(node.lineno, ast.unparse(node)))
        for keyword in node.keywords:
            if keyword.arg in READ_BY_PEOPLE:
                self._check_literal(keyword.value)
        self.visit(node.func)
        shown = node.args[:3] + node.args[4:5] if name in COLUMN_MAKERS else node.args
        for argument in shown:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg not in FOR_BROWSERS:
                self.visit(keyword.value)

    def visit_Dict(self, node: ast.Dict) -> None:
        for key, value in zip(node.keys, node.values, strict=True):
            name = key.value if isinstance(key, ast.Constant) else None
            if name not in FOR_BROWSERS:
                self.visit(value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return  # a docstring
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        if not any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets):
            self.visit(node.value)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """A model's permissions are records: Django writes their names into the database."""
        for statement in node.body:
            targets = statement.targets if isinstance(statement, ast.Assign) else []
            if not any(isinstance(each, ast.Name) and each.id == "permissions" for each in targets):
                self.visit(statement)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """Its annotations are no texts, though they may be written as such."""
        for part in (*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(part)
        for statement in node.body:
            self.visit(statement)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if not isinstance(node.value, str):
            return
        if is_prose(node.value) or _FILLED.search(_TAGS.sub("", node.value).replace("{}", "\0")):
            self.unmarked.append(Find(node.lineno, node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if any(_is_message(each) for each in ast.walk(node)):
            self.pieces.append(Find(node.lineno, ast.unparse(node)))
        words = _filled(node)
        if is_prose(words) or _FILLED.search(_TAGS.sub("", words)):
            self.unmarked.append(Find(node.lineno, words))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, ast.Add) and (_is_message(node.left) or _is_message(node.right)):
            self.pieces.append(Find(node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.op, ast.Add) and _is_message(node.value):
            self.pieces.append(Find(node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """A plural made by hand: `"s" if count != 1 else ""`."""
        ends = [each.value for each in (node.body, node.orelse) if isinstance(each, ast.Constant)]
        if len(ends) == 2 and all(isinstance(end, str) for end in ends) and frozenset(ends) in _ENDINGS:
            self.pieces.append(Find(node.lineno, ast.unparse(node)))
        self.generic_visit(node)

    def _check_literal(self, value: ast.expr) -> None:
        text = value.value if isinstance(value, ast.Constant) else None
        if isinstance(text, str) and _LETTERS.search(text) and not is_prose(text):
            self.unmarked.append(Find(value.lineno, text))

    def _check_message(self, node: ast.Call) -> None:
        """A message is one literal: what is put together in its place is found by no tool."""
        texts = [argument for argument in node.args if not isinstance(argument, (ast.Name, ast.Attribute))]
        for argument in texts:
            # What it is counted by may be worked out; what is said may not.
            if not isinstance(argument, ast.Constant) and any(map(_is_text, ast.walk(argument))):
                self.pieces.append(Find(node.lineno, ast.unparse(node)))


def _filled(node: ast.JoinedStr) -> str:
    """The text of an f-string, with a sign for each place that is filled in."""
    return "".join([str(part.value) if isinstance(part, ast.Constant) else "\0" for part in node.values])


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _parts(argument: ast.expr) -> Iterator[ast.AST]:
    """The elements of a literal list, or of a generator."""
    if isinstance(argument, (ast.List, ast.Tuple, ast.Set)):
        yield from argument.elts
    elif isinstance(argument, (ast.ListComp, ast.GeneratorExp)):
        yield argument.elt


def _is_message(node: ast.AST) -> bool:
    """A call of a marker, or one that is filled in."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        node = node.left
    return isinstance(node, ast.Call) and _name(node) in MARKERS


def read_python(path: Path) -> tuple[list[Find], list[Find]]:
    """Literals that are not marked, and messages put together from pieces."""
    texts = _Texts()
    texts.visit(ast.parse(path.read_text()))
    return texts.unmarked, texts.pieces


# Attributes that are read by people.
_ATTRIBUTES = {"alt", "aria-label", "label", "placeholder", "title", "data-announce", "data-confirm"}
_EXAMPLES = {"code", "pre"}
_VARIABLE, _MARKED = "\x00", "\x01"


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.unmarked: list[Find] = []
        self._examples = 0  # of code, which is the same in every language

    def handle_endtag(self, tag: str) -> None:
        if tag in _EXAMPLES and self._examples:
            self._examples -= 1

    def handle_data(self, data: str) -> None:
        data = data.replace("UTC", "").replace("SHA-256", "")  # which are the same everywhere
        if _LETTERS.search(data) and not self._examples and self.cdata_elem not in {"script", "style"}:
            self.unmarked.append(Find(self.getpos()[0], " ".join(data.split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._examples += tag in _EXAMPLES
        for name, value in attrs:
            if name in _ATTRIBUTES and value and _LETTERS.search(value):
                self.unmarked.append(Find(self.getpos()[0], f"{name}={value}"))


def read_template(source: str) -> list[Find]:
    """Texts and attributes of a template that no `translate` or `blocktranslate` holds."""
    markup = _Markup()
    markup.feed("".join(_without_tags(source)))
    markup.close()
    return markup.unmarked


def _without_tags(source: str) -> Iterator[str]:
    """The markup with a sign for each variable and tag; what is marked, and comments, are left out."""
    hidden = ""
    for token in Lexer(source).tokenize():
        words = token.split_contents() if token.token_type == TokenType.BLOCK else [""]
        if hidden:
            yield "\n" * token.contents.count("\n")
            hidden = "" if words[0] == hidden else hidden
        elif words[0] in {"blocktranslate", "blocktrans", "comment"}:
            hidden = f"end{words[0]}"
        elif token.token_type == TokenType.TEXT:
            yield token.contents
        elif token.token_type == TokenType.VAR:
            yield _VARIABLE
        elif words[0] in {"translate", "trans"}:
            yield _MARKED
