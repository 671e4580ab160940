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
    endings = set()
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
            assert error.fault not in {FileFault.READER_CRASHED, FileFault.READER_TIMED_OUT}, path
            assert str(path) in str(explain(error))  # noqa: PT017 - either ending is fine
            endings.add(error.fault.value)
        assert time.monotonic() - begun < SLOWEST_S
        path.unlink()
    assert {"read", "damaged"} <= endings
