"""What stands between the tags of a component is markup already; what a page puts into it is escaped once."""

import pytest
from django.template import Context, Template

HOSTILE = "<i>nobody's</i>"


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("card title='Lines' name='lines'", "endcard"),
        ("crumbs address='/adobe/'", "endcrumbs"),
        ("blank title='Nothing' text='No orders.'", "endblank"),
        ("table caption='Lines'", "endtable"),
    ],
    ids=lambda tag: tag.partition(" ")[0],
)
def test_the_content_of_a_component_is_escaped_once(opening: str, closing: str) -> None:
    page = Template(f"{{% load components %}}{{% {opening} %}} <b>{{{{ name }}}}</b> {{% {closing} %}}")

    shown = page.render(Context({"name": HOSTILE}))

    assert "<b>&lt;i&gt;nobody&#x27;s&lt;/i&gt;</b>" in shown
