"""A person's own settings, on one page; each is in force from the next page on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from django import forms
from django.conf import settings
from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from orders.exports.engine.formats import FORMATS
from orders.people import notices
from orders.people.personal_settings import choose, chosen_by, known_language, zones
from orders.views.shared import page_sizes
from orders.views.shared.looks import DENSITIES, THEMES, looks_of, remember_theme
from orders.views.shared.navigation import landing_places
from orders.views.shared.page_sizes import PAGE_SIZES
from orders.views.shared.pages import render_page
from orders.views.shared.requests import PortalRequest

CSV = "csv"


class SettingsForm(forms.Form):
    """One field for each of `Chosen`; what is left blank is the portal's own choice."""

    time_zone = forms.ChoiceField(
        choices=lambda: [(each, each) for each in zones()], required=False, label=_("Time zone")
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False, label=_("Language"))
    theme = forms.ChoiceField(choices=list(THEMES.items()), required=False, label=_("Theme"))
    density = forms.ChoiceField(choices=list(DENSITIES.items()), required=False, label=_("Rows"))
    page_size = forms.TypedChoiceField(
        choices=[("0", _("as Adobe or fabric has them")), *((str(size), str(size)) for size in PAGE_SIZES)],
        coerce=int,
        empty_value="0",
        required=False,
        label=_("Orders a page"),
    )
    file_format = forms.ChoiceField(
        choices=[(name, name.upper()) for name in dict.fromkeys(each.name for each in FORMATS)],
        required=False,
        label=_("File"),
    )
    dialect = forms.ChoiceField(
        choices=[(each.dialect, each.reader) for each in FORMATS if each.name == CSV],
        required=False,
        label=_("A CSV file is for"),
    )
    landing = forms.ChoiceField(required=False, label=_("First page after signing in"))
    mail = forms.ChoiceField(
        choices=[
            ("", _("of watched orders and schedules")),
            (notices.MAIL_ALL, _("of everything, files too")),
            (notices.MAIL_NONE, _("of nothing but how I sign in")),
        ],
        required=False,
        label=_("Notices by mail"),
    )
    has_keys = forms.BooleanField(required=False, label=_("Single keys act on pages"))

    def __init__(self, request: PortalRequest, data: QueryDict | None = None) -> None:
        chosen = chosen_by(request)
        now = replace(chosen, theme=looks_of(request).theme, language=known_language(chosen.language))
        super().__init__(data, initial=asdict(now))
        self.fields["landing"].choices = landing_places(request)  # type: ignore[attr-defined]  # a choice's


@dataclass(frozen=True)
class SettingsPage:
    """`choices` are the fields that have a list to choose from."""

    choices: Sequence[BoundField]
    has_keys: BoundField


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: PortalRequest) -> HttpResponse:
    """The form; after a POST back to it, or 400 with what is wrong at each field."""
    form = SettingsForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {"page_size": int(form.cleaned_data["page_size"])}
        chosen = replace(chosen_by(request), **given)
        choose(request, request.user, chosen)
        with translation.override(known_language(chosen.language)):
            messages.success(request, gettext("Your settings are kept."))
        response = page_sizes.forget(redirect("settings"))
        return remember_theme(request, response, chosen.theme)
    page = SettingsPage([field for field in form if field.name != "has_keys"], form["has_keys"])
    return render_page(request, "orders/people/settings.html", page, status=400 if form.errors else 200)
