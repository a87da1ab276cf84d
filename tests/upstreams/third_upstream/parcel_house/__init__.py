"""Parcel House, an invented vendor: its orders come as `{"count": …, "rows": […]}`."""

from tests.upstreams.third_upstream.parcel_house.manifest import MANIFEST

__all__ = ["MANIFEST"]
