"""Jobs that tests enqueue: they write down that they ran."""

from orders.infrastructure.jobs import FILES, WATCHES, task

ran: list[str] = []


@task(queue_name=WATCHES)
def note(text: str) -> str:
    ran.append(text)
    return text


@task(queue_name=FILES)
def note_file(text: str) -> None:
    ran.append(text)


@task(queue_name=WATCHES)
def fail() -> None:
    raise ValueError("secret-of-a-customer")


@task(queue_name=WATCHES)
def tick() -> None:
    ran.append("tick")
