"""gunicorn on a server: `gunicorn --config deploy/gunicorn.conf.py orders_portal.wsgi`.

WEB_CONCURRENCY (gunicorn's own) is the number of processes: one for each core. A page waits for its
upstream most of the time, so that each has many threads.
"""

from orders_portal.server_hooks import child_exit, post_worker_init, share_metrics

__all__ = ["child_exit", "post_worker_init"]

bind = "0.0.0.0:8000"  # inside: nginx is the only way in
worker_class = "orders_portal.server_worker.Worker"
threads = 64
control_socket_disable = True
# Imported once, so that a process that is started anew answers at once and shares its memory.
preload_app = True
worker_tmp_dir = "/dev/shm"  # noqa: S108  (signs of life never wait for a disk)
limit_request_line = 8190
# Longer than nginx keeps its connections open, or it would meet closed ones.
keepalive = 75
# What is being answered is answered; a page takes UPSTREAM_DEADLINE at most, a file in the request longer.
graceful_timeout = 30
timeout = 60
# Each process is started anew now and then, not all of them at once.
max_requests = 20_000
max_requests_jitter = 4_000

share_metrics()
