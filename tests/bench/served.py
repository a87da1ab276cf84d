"""What the bench's gunicorn serves: the portal, and beside it Django's own changelist as a yardstick."""

from django.contrib import admin
from django.contrib.auth import get_user_model

from orders_portal.wsgi import application

__all__ = ["application"]

ADMIN_COLUMNS = (
    *("username", "first_name", "last_name", "email", "is_active"),
    *("is_staff", "is_superuser", "last_login", "date_joined", "pk"),
)

_User = get_user_model()
_Changelist = type(
    "Changelist",
    (admin.ModelAdmin,),
    {"list_display": ADMIN_COLUMNS, "list_per_page": 100, "ordering": ["pk"]},
)
if admin.site.is_registered(_User):
    admin.site.unregister(_User)
admin.site.register(_User, _Changelist)
