"""The store in a bucket, on a real S3 server."""

import pytest

from gallery.uploads.testing import CONTRACT, MIB, takes_little_memory

pytestmark = pytest.mark.usefixtures("credentials")


@pytest.mark.parametrize("clause", CONTRACT, ids=lambda clause: clause.__name__)
def test_a_bucket_keeps_the_contract(store, clause):
    clause(store)

    assert list(store.list("")) == []


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_gibibyte_takes_a_bucket_little_memory(store):
    takes_little_memory(store, 1024 * MIB)
