"""What `gunicorn orders_portal.wsgi` reads by itself when it is started in this directory."""

from orders_portal.server_hooks import child_exit, post_worker_init, share_metrics

__all__ = ["child_exit", "limit_request_line", "post_worker_init"]

# Characters of one request line, the most gunicorn takes (its default is 4094), and as much as nginx has
# room for by default. Every filter of a history fits, with as many offer IDs as the form says.
limit_request_line = 8190

share_metrics()
