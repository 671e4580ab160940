"""Documents in folders: by content, in order, with what is left out counted."""

import os
import threading
from pathlib import Path

from assistant.batches.expanding import Skip, expand


def test_documents_are_found_by_content_in_the_order_people_count(tmp_path: Path) -> None:
    inside = tmp_path / "part 2"
    (tmp_path / "part 10").mkdir()
    inside.mkdir()
    for name in ("page 10.txt", "Page 2.txt", "part 2/b.txt", "part 10/a.txt"):
        (tmp_path / name).write_text("The rent is due on the first of May.")
    (tmp_path / "sheet.dat").write_bytes(b"%PDF-1.7 whatever its name says")
    (tmp_path / "program.pdf").write_bytes(b"\x7fELF" + os.urandom(500))
    (tmp_path / "empty.txt").touch()
    (tmp_path / ".hidden.txt").write_text("hidden")
    (tmp_path / "~$open.docx").write_text("a lock")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config.txt").write_text("hidden, too")
    (tmp_path / "lease.pdf.crdownload").write_bytes(b"%PDF-1.7 the first half")
    os.mkfifo(tmp_path / "pipe.txt")
    (inside / "loop").symlink_to(tmp_path, target_is_directory=True)
    (inside / "self").symlink_to(inside / "self")
    (inside / "again.txt").symlink_to(tmp_path / "Page 2.txt")

    found = expand([tmp_path])
    assert [str(path.relative_to(tmp_path)) for path in found.files] == [
        "Page 2.txt",
        "page 10.txt",
        "sheet.dat",
        "part 2/b.txt",
        "part 10/a.txt",
    ]
    assert found.skipped == {
        Skip.HIDDEN: 3,
        Skip.UNFINISHED: 1,
        Skip.UNKNOWN: 2,
        Skip.EMPTY: 1,
        Skip.LINK: 3,
    }
    flat = expand([tmp_path], is_recursive=False)
    assert len(flat.files) == 3


def test_what_is_named_is_taken_as_it_is(tmp_path: Path) -> None:
    missing, hidden = tmp_path / "missing.pdf", tmp_path / ".notes"
    hidden.write_text("hidden, and wanted")
    assert expand([hidden, missing, hidden]).files == (hidden, missing, hidden)
    cancel = threading.Event()
    cancel.set()
    (tmp_path / "a.txt").write_text("text")
    assert expand([tmp_path], cancel=cancel).files == ()
