from __future__ import annotations

from io import BytesIO

import pytest

from workflow_app.adapters.files import FileMissing, FileStore, InvalidSuffix, memory_store


@pytest.fixture(params=["disk", "memory"])
def store(request, tmp_path):
    if request.param == "memory":
        return memory_store()
    return FileStore.from_url(f"file://{tmp_path}/documents")


def test_what_was_put_can_be_read(store):
    key = store.put(b"content", suffix=".pdf")
    assert key.endswith(".pdf")
    assert store.read(key) == b"content"
    with store.open(key) as stream:
        assert stream.read(3) == b"con"


def test_a_stream_is_stored_whole(store):
    assert store.read(store.put(BytesIO(b"x" * 300_000))) == b"x" * 300_000


def test_equal_files_have_keys_of_their_own(store):
    first, second = store.put(b"same"), store.put(b"same")
    store.delete(first)
    assert store.read(second) == b"same"


def test_a_deleted_file_is_missing_and_may_be_deleted_again(store):
    key = store.put(b"content")
    store.delete(key)
    store.delete(key)
    with pytest.raises(FileMissing):
        store.open(key)


@pytest.mark.parametrize(
    "key", ["../etc/passwd", "/etc/passwd", "", "ab/../../x", "ab/" + "z" * 30]
)
def test_a_key_that_we_did_not_make_is_refused(store, key):
    with pytest.raises(FileMissing):
        store.open(key)
    with pytest.raises(FileMissing):
        store.delete(key)


@pytest.mark.parametrize("suffix", ["pdf", "/x", ".PDF", "..pdf", ".averylongone"])
def test_a_suffix_cannot_carry_a_path(store, suffix):
    with pytest.raises(InvalidSuffix):
        store.put(b"content", suffix=suffix)


def test_a_file_that_breaks_off_leaves_nothing(tmp_path):
    class Breaking(BytesIO):
        def read(self, size=-1):
            message = "connection lost"
            raise OSError(message)

    store = FileStore.from_url(f"file://{tmp_path}")
    with pytest.raises(OSError, match="connection lost"):
        store.put(Breaking())
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
