"""Background tasks: Django's own API from 6.0 on, its backport before. Nothing else knows which."""

from importlib.util import find_spec

if find_spec("django.tasks"):
    from django.tasks import TaskResultStatus, task

    APPS: list[str] = []
    LOGGER = "django.tasks"
else:
    from django_tasks import TaskResultStatus, task  # type: ignore[assignment,no-redef]  # the same API

    APPS = ["django_tasks"]
    LOGGER = "django_tasks"

__all__ = ["APPS", "LOGGER", "TaskResultStatus", "task"]
