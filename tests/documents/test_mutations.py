"""A sample of benchmarks/mutations.py: damaged documents never harm the app, nor hang it."""

import threading
import time
from pathlib import Path

import pytest

from assistant.documents.document import Document
from assistant.documents.ocr.recognition import OcrWish
from assistant.documents.reading import Reader
from assistant.errors import DocumentError, FileFault
from assistant.wording import explain
from tests.documents.conftest import check
from tests.documents.mutations import mutations

COUNT = 80
SLOWEST_S = 20.0


@pytest.mark.shared_process
def test_damaged_documents(shared_reader: Reader, tmp_path: Path) -> None:
    endings: set[str] = set()
    words: list[str] = []
    for number, mutation in enumerate(mutations(COUNT, seed=11)):
        path = tmp_path / f"{number}{Path(mutation.name).suffix}"
        path.write_bytes(mutation.data)
        begun = time.monotonic()
        try:
            cancel = threading.Event()
            *_, last = shared_reader.read(path, cancel=cancel, ocr=OcrWish(is_wanted=False))
            assert isinstance(last, Document), mutation
            check(last)
            endings.add("read")
        except DocumentError as error:
            endings.add(error.fault.value)
            words.append(str(explain(error)))
        assert time.monotonic() - begun < SLOWEST_S
        path.unlink()
    assert {"read", "damaged"} <= endings
    assert not endings & {FileFault.READER_CRASHED, FileFault.READER_TIMED_OUT}
    assert all(str(tmp_path) in sentence for sentence in words)
