"""How old something is, as short as it can be said beside what it is about."""

from django.utils.translation import gettext


def age_words(seconds: int) -> str:
    """`12 s`, `4 min`, `2 h`, `6 days`."""
    if seconds < 60:
        return gettext("%(count)s s") % {"count": seconds}
    if seconds < 3600:
        return gettext("%(count)s min") % {"count": seconds // 60}
    if seconds < 48 * 3600:
        return gettext("%(count)s h") % {"count": seconds // 3600}
    return gettext("%(count)s days") % {"count": seconds // 86400}
