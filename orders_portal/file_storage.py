"""EXPORT_STORAGE_URL, read into an entry of Django's STORAGES. No error repeats a part of it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from environs import ValidationError

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(/[\w.~-]+)*/?", re.ASCII)


def bucket(value: str) -> None:
    """Refuses what is neither empty nor `s3://bucket/prefix`."""
    parts = urlsplit(value)
    is_sound = parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) and _PREFIX.fullmatch(parts.path)
    if value and (not is_sound or set("?#") & set(value)):
        raise ValidationError("not the address of a bucket")


def storage_of_files(url: str, endpoint: str, key: Mapping[str, str]) -> dict[str, Any]:
    """The entry for finished files. A key that is blank is looked for where the machine may have one."""
    if not url:
        return {"BACKEND": "orders.infrastructure.shared_directory.SharedDirectory"}
    parts = urlsplit(url)
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": endpoint or None,
        "access_key": key["AWS_ACCESS_KEY_ID"] or None,
        "secret_key": key["AWS_SECRET_ACCESS_KEY"] or None,
        "file_overwrite": True,  # a name is one worker's alone
        "default_acl": None,
    }
    return {"BACKEND": "orders.infrastructure.object_storage.ObjectStorage", "OPTIONS": options}
