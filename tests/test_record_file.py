"""What the app has noticed is kept in a file, and for this run where that cannot be."""

from pathlib import Path

import pytest

from assistant.record_file import RecordFile


def test_keeps_a_value_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "record.json"
    RecordFile(path, list[int], []).write([1, 2])
    assert RecordFile(path, list[int], []).value == [1, 2]
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b'["a"]', b"\xff\xfe", b"null"])
def test_a_damaged_file_is_an_empty_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(content)
    file = RecordFile(path, list[int], [])
    assert file.value == []
    file.write([3])
    assert RecordFile(path, list[int], []).value == [3]


def test_where_nothing_can_be_written_it_holds_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (None, tmp_path / "file" / "record.json"):
        file = RecordFile(path, list[int], [])
        file.write([4])
        assert file.value == [4]
