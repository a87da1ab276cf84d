"""A double of both upstreams, speaking real HTTP.

It shares no code with the portal on purpose: shared code would share mistakes.
"""

from orders.sandbox import credentials, customers
from orders.sandbox.http.log import RecordedRequest
from orders.sandbox.http.server import SandboxServer

__all__ = ["RecordedRequest", "SandboxServer", "credentials", "customers"]
