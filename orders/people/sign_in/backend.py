"""Who a session belongs to, found by a query that is written once. Every page asks for one."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import User

from orders.infrastructure.prepared_queries import Prepared

_FIELDS = [field.attname for field in User._meta.concrete_fields]
_PERSON = Prepared(lambda pk: User.objects.filter(pk=pk).values_list(*_FIELDS))


class SignInBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> User | None:
        found = _PERSON.rows(int(user_id))
        if not found:
            return None
        person = User.from_db("default", _FIELDS, found[0])
        return person if self.user_can_authenticate(person) else None
