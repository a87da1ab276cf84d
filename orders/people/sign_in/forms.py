"""The sign-in form."""

from typing import Any

from allauth.account.forms import LoginForm
from django.utils.translation import gettext


class SignInForm(LoginForm):
    """Scripts may send the name as `username` too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        data = kwargs.get("data")
        if data is not None and "login" not in data and "username" in data:
            kwargs["data"] = data.copy()
            kwargs["data"]["login"] = data["username"]
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext("User name")
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "autofocus": True}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
