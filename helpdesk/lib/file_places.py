"""Where private files lie and by which address they leave, as the settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from helpdesk.env import Environment

#: Signed links on FILES_ORIGIN begin so.
SERVED_AT = "/f/"
#: Seconds that a link to a file lives: long enough to follow it, too short to pass it on.
LINK_SECONDS = 60


def host_of(origin: str) -> str:
    return urlsplit(origin).hostname or "" if origin else ""


def place_of(origin: str) -> str:
    """Host and port, as a browser names them in ``Host``."""
    return urlsplit(origin).netloc.lower() if origin else ""


def s3_origin(env: Environment) -> str:
    """The scheme and host of presigned links; empty where no bucket is set."""
    if not env.files_s3_bucket:
        return ""
    return env.files_s3_endpoint or f"https://{env.files_s3_bucket}.s3.{env.files_s3_region}.amazonaws.com"


def s3_storage(env: Environment) -> dict[str, Any]:
    """django-storages on a private bucket: no access list, every link presigned, no temporary file on the way."""
    from botocore.config import Config  # type: ignore[import-untyped]

    own_server = bool(env.files_s3_endpoint)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.files_s3_bucket,
            "endpoint_url": env.files_s3_endpoint or None,
            "region_name": env.files_s3_region or "us-east-1",
            # Neither given: boto3 asks the machine (an instance's role, say).
            "access_key": env.files_s3_access_key or None,
            "secret_key": env.files_s3_secret_key or None,
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": LINK_SECONDS,
            "file_overwrite": False,
            "gzip": False,
            "max_memory_size": 0,
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path" if own_server else "virtual"},
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 3, "mode": "standard"},
            ),
        },
    }
