"""What makes an undefined template variable fail a test does so, and only there."""

import pytest
from django.contrib.auth.models import User
from django.template import Context, Engine, Origin, Template

from tests.undefined import OURS, UndefinedVariable


def draw(text, *, at=OURS / "orders" / "history" / "home.html", **context):
    template = Template(text, origin=Origin(str(at), "drawn.html"), engine=Engine.get_default())
    return template.render(Context(context))


@pytest.mark.parametrize(
    "text",
    [
        "{{ missing }}",
        "{{ missing|default:'–' }}",
        "{{ owner.missing }}",
        "{{ owner.missing.more }}",
        "{% if owner.missing %}a{% endif %}",
        "{% for each in owner.missing %}a{% endfor %}",
        "{% with short=missing %}a{% endwith %}",
        "{{ owner.username|default:missing }}",
        "{% if owner %}{% if 1 %}{{ missing }}{% endif %}{% endif %}",
        "{{ nobody.missing }}",
        "{% load static %}{% static missing %}",
    ],
)
def test_a_template_of_ours_may_not_ask_for_what_is_not_there(text):
    with pytest.raises(UndefinedVariable, match=r"orders/history/home\.html asks for .*missing"):
        draw(text, owner=User(username="dana"), nobody=None)


@pytest.mark.parametrize(
    "text",
    [
        "{% if missing %}a{% endif %}",
        "{% if nobody.missing %}a{% endif %}",
        "{% if given.missing %}a{% endif %}",
        "{% firstof missing %}",
        "{{ nobody|default:'' }}",
        "{{ owner.email }}",
    ],
)
def test_a_tag_may_ask_whether_something_is_there(text):
    assert draw(text, owner=User(username="dana"), nobody=None, given={}) == ""


def test_templates_of_others_are_left_alone(tmp_path):
    assert draw("[{{ missing|default:'–' }}]", at=tmp_path / "theirs.html") == "[–]"
