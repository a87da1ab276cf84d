"""What the task engine knows of exports: that there is one more to be made, not which."""

from orders.exports.jobs import leases, runner
from orders.infrastructure.jobs import FILES, task


@task(queue_name=FILES)
def make_next_export() -> str:
    """Make the export whose turn it is; its ID, or nothing where it is nobody's turn."""
    lease = leases.claim()
    if lease is None:
        return ""
    runner.run(lease)
    return str(lease.export.pk)
