"""Every text of ours can be translated: it is marked, in one piece, in Python and in templates alike."""

from pathlib import Path

import pytest

from tests.contracts.marked_texts import read_python, read_template

ROOT = Path(__file__).parents[2]
# Where texts for people are written.
ROOMS = (
    *("orders/presentation", "orders/views", "orders/admin.py", "orders/people"),
    *("orders/exports/models.py", "orders/exports/specification.py", "orders/exports/column_sets.py"),
    *("orders/exports/engine/reconciler.py", "orders/exports/jobs/runner.py", "orders/exports/api.py"),
    *("orders/upstreams/adobe_vip_marketplace/terms.py", "orders/upstreams/fabric_subscriptions/terms.py"),
)
# Invented people and samples, the names of browsers, and how the ledger calls what changed: no texts of ours.
NO_TEXTS = {
    "orders/views/system/styleguide_samples.py",
    "orders/people/demo.py",
    "orders/people/sign_in/browser_names.py",
    "orders/people/permissions.py",
}
MODULES = sorted(
    path
    for room in ROOMS
    for path in ((ROOT / room).rglob("*.py") if (ROOT / room).is_dir() else [ROOT / room])
    if path.name != "__init__.py" and str(path.relative_to(ROOT)) not in NO_TEXTS
)
# Facts, and no words: what is said of them stands in orders/presentation/texts/. Of these, one has a
# line for the log, three say how personal data is hidden, and one names rights as the database keeps them.
NOT_JUST_FACTS = {"errors.py", "free_text.py", "email_addresses.py", "personal_data.py", "granted_rights.py"}
DOMAIN = sorted(path for path in (ROOT / "orders/domain").glob("*.py") if path.name not in NOT_JUST_FACTS)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_texts_in_python_are_marked(path: Path) -> None:
    unmarked, _ = read_python(path)

    assert unmarked == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_messages_in_python_are_whole(path: Path) -> None:
    _, pieces = read_python(path)

    assert pieces == []


@pytest.mark.parametrize("path", DOMAIN, ids=name)
def test_the_domain_has_no_words(path: Path) -> None:
    unmarked, pieces = read_python(path)

    assert [*unmarked, *pieces] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_texts_in_templates_are_marked(path: Path) -> None:
    assert read_template(path.read_text()) == []


@pytest.mark.parametrize(
    ("code", "unmarked", "pieces"),
    [
        ('label = "Created from"', 1, 0),
        ('label = _("Created from")', 0, 0),
        ('f(label="Status")', 1, 0),
        ('f(name="status", style="num extra")', 0, 0),
        ('x = f"All {count} orders"', 1, 0),
        ('x = f"{count} orders"', 1, 0),
        ('x = gettext("All %(count)s orders") % {"count": count}', 0, 0),
        ('x = f"{source}/{order_id}"', 0, 0),
        ('x = gettext(f"All {count} orders")', 0, 1),
        ('x = gettext("All " + words)', 0, 1),
        ('x = gettext("All {}".format(count))', 0, 1),
        ('x = gettext("All") + " " + words', 0, 1),
        ("x = f\"{gettext('All')} {count}\"", 0, 1),
        ('x = " ".join([gettext("All"), words])', 0, 1),
        ('x = " ".join(gettext("No") for each in found)', 0, 1),
        ('text += gettext("And so on.")', 0, 1),
        ('x = "" if count == 1 else "s"', 0, 1),
        ('logger.info("An order came")', 0, 0),
        ('def f():\n    """Does what it says."""', 0, 0),
        ('raise TypeError("each table names its rows")', 0, 0),
        ('raise ValidationError("That is not an ID.")', 1, 0),
    ],
)
def test_what_is_found_in_python(tmp_path: Path, code: str, unmarked: int, pieces: int) -> None:
    module = tmp_path / "module.py"
    module.write_text(code)

    found = read_python(module)

    assert (len(found[0]), min(1, len(found[1]))) == (unmarked, pieces)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("<p>Nothing here</p>", ["Nothing here"]),
        ("<p>{% translate 'Nothing here' %}</p>", []),
        ("<p>{% blocktranslate %}Nothing {{ here }}{% endblocktranslate %}</p>", []),
        ("<p>{{ words }} · {{ more }}</p>", []),
        ('<a title="To the top" href="/a/b">{{ x }}</a>', ["title=To the top"]),
        ("<a title=\"{% translate 'To the top' %}\">{{ x }}</a>", []),
        ('<a class="btn btn-quiet" href="{{ x }}">{{ x }}</a>', []),
        ("{% comment %}Context: x{% endcomment %}{# y #}", []),
        ("<p>{% if a %}Yes{% else %}{% translate 'No' %}{% endif %}</p>", ["Yes"]),
        ("<pre>curl -f -OJ</pre><p>In <code>X-Hash</code>.</p>", ["In"]),
        ("<style>body { color: red }</style>", []),
    ],
)
def test_what_is_found_in_templates(source: str, texts: list[str]) -> None:
    assert [
        found.text.replace("\0", "").replace("\1", "").strip() for found in read_template(source)
    ] == texts
