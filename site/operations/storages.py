"""Where files lie when no folder is shared: buckets of a server that speaks S3, one for the public, one for nobody.

Addresses of public files stay the site's own (``MEDIA_URL``), which the web server before the site fetches from the
bucket: no page names another host. Private files have no address at all; the site sends them once it has asked who is
asking. Nothing here sets an access list: a bucket's own policy says what may be read. May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urljoin

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

SECONDS_TO_CONNECT, SECONDS_TO_READ = 3, 20
TRIES = 2
IN_MEMORY = 5 * 1024 * 1024  # bytes of a file that is read; a larger one goes by way of a temporary file


class StorageUnavailable(OSError):
    """The server of files cannot be asked, or refuses: what a disk that fails is to a folder."""


class BucketStorage(S3Storage):  # type: ignore[misc] # the library has no types
    """A bucket that behaves as a folder does: names are given once, what goes wrong is an OSError.

    ``endpoint_url``, ``bucket_name``, ``access_key``, ``secret_key``, ``region_name``, ``location`` and
    ``addressing_style`` are options of django-storages.
    """

    def get_default_settings(self) -> dict[str, Any]:
        """The library's own, but for what would hang, guess or overwrite."""
        defaults: dict[str, Any] = super().get_default_settings()
        return defaults | {
            "file_overwrite": False,
            "default_acl": None,
            "transfer_config": TransferConfig(use_threads=False),  # the files are small
        }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config: Config = self.client_config.merge(
            Config(
                connect_timeout=SECONDS_TO_CONNECT,
                read_timeout=SECONDS_TO_READ,
                retries={"total_max_attempts": TRIES},
                # Checksums in trailers are younger than many servers that speak S3.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
        )

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        with _as_a_folder(name):
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Takes a file away; there need not be one."""
        with _as_a_folder(name):
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """The folders and the files of a folder; none where it is not there."""
        with _as_a_folder(name):
            folders, files = super().listdir(name)
        return folders, files

    def size(self, name: str) -> int:
        """In bytes."""
        with _as_a_folder(name):
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        """When it was written."""
        with _as_a_folder(name):
            written: datetime = super().get_modified_time(name)
        return written

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _as_a_folder(name):
            if "w" in mode:
                written: File[Any] = super()._open(name, mode)
                return written
            answer = self.bucket.Object(self._normalize_name(clean_name(name))).get()
            with closing(answer["Body"]) as body:
                if answer["ContentLength"] <= IN_MEMORY:
                    return File(BytesIO(body.read()), name)
                large = TemporaryFile()  # noqa: SIM115 - closed by whoever opens
                copyfileobj(body, large)
                large.seek(0)
                return File(large, name)

    def _save(self, name: str, content: File[Any]) -> str:
        with _as_a_folder(name):
            return str(super()._save(name, content))


class PublicBucket(BucketStorage):
    """What everybody may see, under the site's own addresses."""

    def url(self, name: str | None, *_: Any, **__: Any) -> str:
        """The address under ``MEDIA_URL``."""
        return urljoin(settings.MEDIA_URL, filepath_to_uri(name or "").lstrip("/"))


class PrivateBucket(BucketStorage):
    """What only those concerned may see: it has no addresses, signed or not."""

    def url(self, name: str | None, *_: Any, **__: Any) -> str:
        """Raises NotImplementedError, as Django's storages without addresses do."""
        raise NotImplementedError("A private file has no address: the site sends it.")


@contextmanager
def _as_a_folder(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.NOT_FOUND:
            raise FileNotFoundError(name) from error
        raise StorageUnavailable(str(error)) from error
    except BotoCoreError as error:
        raise StorageUnavailable(str(error)) from error
