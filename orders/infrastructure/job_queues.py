"""The queues, and how many jobs of each a worker runs at once. The settings read it, so it knows no model."""

FILES, WATCHES, SCHEDULES, REFRESHES = "files", "watches", "schedules", "refreshes"

# Where one thread serves all of them, in this order.
QUEUES = (FILES, WATCHES, SCHEDULES, REFRESHES)

# What carries a job to a worker, by the setting WORKER_ENGINE.
TASK_BACKENDS = {
    "database": "django_tasks_db.DatabaseBackend",
    "celery": "orders.infrastructure.celery_engine.CeleryBackend",
}


class BadQueues(ValueError):
    """Not a list such as `files=2,refreshes=1`."""


def parsed(text: str) -> dict[str, int]:
    """Slots by queue of `files=2,refreshes` (one each, where no number is given). Raises `BadQueues`."""
    slots: dict[str, int] = {}
    for each in filter(None, (part.strip() for part in text.split(","))):
        name, _, number = each.partition("=")
        if name not in QUEUES or not (number or "1").isascii() or not (number or "1").isdecimal():
            raise BadQueues(f"{each} is not a queue: they are {', '.join(QUEUES)}, as in files=2")
        slots[name] = int(number or "1")
    slots = {name: number for name, number in slots.items() if number}
    if not slots:
        raise BadQueues("no queue is named")
    return slots
