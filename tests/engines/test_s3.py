"""The store in a bucket, on a real S3 server."""

import secrets

import pytest

from gallery.uploads.s3 import S3Store
from gallery.uploads.testing import CONTRACT

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.fixture
def bucket(seaweed) -> str:
    name = f"photos-{secrets.token_hex(4)}"
    seaweed.client().create_bucket(Bucket=name)
    return name


@pytest.fixture
def store(seaweed, bucket) -> S3Store:
    return S3Store.at(f"s3://{bucket}/of/ours?endpoint={seaweed.url}&region=us-east-1")


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_a_bucket_keeps_the_contract(store, clause):
    clause(store)

    assert list(store.list("")) == []
