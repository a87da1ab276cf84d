"""Every page of ours is drawn here, from a dataclass that says what its template gets."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def render_page(
    request: HttpRequest | None, template: str, context: "DataclassInstance", *, status: int = 200
) -> HttpResponse:
    """The template with the fields of `context` as its variables.

    Without a request nobody is asked who is there: for pages that tell of what failed.
    """
    # Not `asdict`, which would take apart whatever the fields hold.
    values = {field.name: getattr(context, field.name) for field in fields(context)}
    return render(request, template, values, status=status)


@dataclass(frozen=True)
class ErrorPage:
    """What is wrong, in a heading and a sentence; `reference` is what support can look the error up by."""

    title: str
    text: str
    reference: str = ""

    def response(self, request: HttpRequest | None, *, status: int) -> HttpResponse:
        return render_page(request, "orders/system/error_page.html", self, status=status)
