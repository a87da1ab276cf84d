"""A directory of its own for the files of each test; people who may export all orders, or one customer's."""

from tests.exports.fixtures import agent, bucket, endpoint, export_dir, hurried, manager, other

__all__ = ["agent", "bucket", "endpoint", "export_dir", "hurried", "manager", "other"]
