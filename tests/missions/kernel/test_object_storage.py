"""Private files on S3-compatible storage, against a server of moto: the same promises as on the disk."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from django.core.files.storage import storages
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from accreditation.models import StoredFile
from accreditation.services.paper_files import FileCheck, check_files, sweep_files
from missions.kernel import files, object_storage
from missions.kernel.errors import NoSpaceError, StorageAwayError
from missions.kernel.files import FileLostError, erase_forgotten, is_kept, kept_file, read_file_bytes
from missions.kernel.object_storage import ObjectStorage
from tests.faults.smtp_sink import free_port

CANARY = b"P<LVACANARY7391<<ANA" * 10
BUCKET = "papers"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


def client_of(server: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=server, aws_access_key_id="a", aws_secret_access_key="b", region_name="us-east-1"
    )


def on(server: str, settings: Settings) -> ObjectStorage:
    options = {
        "bucket_name": BUCKET,
        "location": "desk",
        "endpoint_url": server,
        "region_name": "us-east-1",
        "access_key": "a",
        "secret_key": "b",
    }
    backend = {"BACKEND": "missions.kernel.object_storage.ObjectStorage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "private": backend}
    storage = storages["private"]
    assert isinstance(storage, ObjectStorage)
    return storage


@pytest.fixture
def storage(server: str, settings: Settings) -> Iterator[ObjectStorage]:
    """An empty bucket."""
    client = client_of(server)
    client.create_bucket(Bucket=BUCKET)
    yield on(server, settings)
    for found in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=found["Key"])
    client.delete_bucket(Bucket=BUCKET)


def keep(data: bytes = CANARY) -> str:
    with kept_file(data, folder="papers") as name:
        return name


def test_what_was_kept_is_read_again_and_lies_encrypted_for_nobody_else(storage: ObjectStorage, server: str) -> None:
    name = keep()

    client = client_of(server)
    (found,) = client.list_objects_v2(Bucket=BUCKET)["Contents"]
    body = client.get_object(Bucket=BUCKET, Key=found["Key"])["Body"].read()
    grants = client.get_object_acl(Bucket=BUCKET, Key=found["Key"])["Grants"]
    assert read_file_bytes(name) == CANARY
    assert (found["Key"], b"CANARY" in body) == (f"desk/{name}", False)
    assert [(grant["Grantee"]["Type"], grant["Permission"]) for grant in grants] == [("CanonicalUser", "FULL_CONTROL")]
    with pytest.raises(ValueError, match="no address"):
        storage.url(name)


def test_a_block_that_raises_leaves_no_file(storage: ObjectStorage, server: str) -> None:
    with pytest.raises(RuntimeError, match="row"), kept_file(CANARY, folder="papers"):  # noqa: PT012 - two steps
        assert client_of(server).list_objects_v2(Bucket=BUCKET)["KeyCount"] == 1
        raise RuntimeError("the row")

    assert client_of(server).list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_a_file_that_is_not_there_is_lost(storage: ObjectStorage) -> None:
    name = keep()
    erase_forgotten([name])

    assert not is_kept(name)
    with pytest.raises(FileLostError):
        read_file_bytes(name)


@pytest.mark.django_db
def test_the_sweep_finds_what_no_row_speaks_of_and_nothing_young(
    storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch, at: dt.datetime
) -> None:
    known, forgotten = keep(), keep()
    StoredFile.objects.create(name_in_storage=known, media_type="image/png", size=1, sha256="0" * 64, created_at=at)
    young = sweep_files()
    monkeypatch.setattr(files, "MATURE", dt.timedelta(seconds=-60))

    found = check_files()
    swept = sweep_files()

    assert (young, found, swept) == (0, FileCheck(forgotten=(forgotten,), lost=()), 1)
    assert (is_kept(known), is_kept(forgotten)) == (True, False)


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("XMinioStorageFull", 507, NoSpaceError),
        ("QuotaExceeded", 403, NoSpaceError),
        ("SlowDown", 503, StorageAwayError),
        ("AccessDenied", 403, StorageAwayError),
        ("NoSuchBucket", 404, StorageAwayError),
    ],
)
def test_what_the_server_refuses_has_a_name(
    storage: ObjectStorage, code: str, status: int, error: type[Exception]
) -> None:
    with Stubber(storage.connection.meta.client) as stub:
        stub.add_client_error("put_object", service_error_code=code, http_status_code=status)

        with pytest.raises(error):
            keep()


def test_a_server_that_does_not_answer_is_away(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(object_storage, "ATTEMPTS", 1)
    on(f"http://127.0.0.1:{free_port()}", settings)

    with pytest.raises(StorageAwayError), kept_file(CANARY, folder="papers"):
        pytest.fail("nothing was stored")  # pragma: no cover
    with pytest.raises(StorageAwayError):
        read_file_bytes("papers/aa/one")
