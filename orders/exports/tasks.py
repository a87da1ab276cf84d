"""What the task engine knows of exports: that there is one more to be made, not which."""

from django_tasks import task

from orders.exports import jobs, leases

QUEUE = "exports"


@task(queue_name=QUEUE)
def make_next_export() -> str:
    """Make the export whose turn it is; its ID, or nothing where it is nobody's turn."""
    lease = leases.claim()
    if lease is None:
        return ""
    jobs.run(lease)
    return str(lease.export.pk)
