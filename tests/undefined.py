"""A template of ours that asks for a variable which nobody gave it fails its test.

Django draws nothing for such a variable, so that a renamed field would leave a blank on the page.
What may be missing is what a tag asks about (`{% if hint %}`), a form's field, and what lies behind a None;
a name that any other object doesn't have may not, wherever it stands. Templates of others are left alone.
"""

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.forms import BaseForm
from django.template import Context, Origin, VariableDoesNotExist
from django.template.base import FilterExpression, Node, Template, Variable
from django.template.context import BaseContext

OURS = Path(__file__).resolve().parent.parent / "templates"


class UndefinedVariable(AssertionError):
    """Says which variable, and in which template."""


def fail_on_undefined(patch: pytest.MonkeyPatch) -> None:
    """From now on, until `patch` is undone."""
    resolve = Variable.resolve

    def resolve_or_fail(variable: Variable, context: Context) -> Any:
        try:
            return resolve(variable, context)
        except VariableDoesNotExist as missing:
            asker = sys._getframe(1)
            template = _template_being_drawn(asker)
            if template is None or not template.is_relative_to(OURS) or _may_be_missing(missing, asker):
                raise
            raise UndefinedVariable(f"{template.relative_to(OURS)} asks for {variable}") from None

    patch.setattr(Variable, "resolve", resolve_or_fail)


def _may_be_missing(missing: VariableDoesNotExist, asker: FrameType) -> bool:
    """`missing.params` are the name and what hasn't got it: the context itself, for a first name."""
    if not isinstance(asker.f_locals.get("self"), FilterExpression):
        return True  # a tag that asks by itself catches it itself
    _, where = missing.params
    is_asked_about = bool(asker.f_locals.get("ignore_failures"))
    return is_asked_about and (where is None or isinstance(where, BaseContext | BaseForm | dict | str))


def _template_being_drawn(frame: FrameType | None) -> Path | None:
    """The innermost node that is being drawn knows where it was read."""
    while frame is not None:
        drawing = frame.f_locals.get("self")
        if isinstance(drawing, Node | Template):
            origin: Origin | None = getattr(drawing, "origin", None)
            return Path(origin.name) if origin else None
        frame = frame.f_back
    return None
