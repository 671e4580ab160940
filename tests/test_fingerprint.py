import os
import shutil
from pathlib import Path

from assistant.gguf import fingerprint


def test_a_fingerprint_tells_models_apart(tmp_path: Path) -> None:
    model = tmp_path / "model.gguf"
    content = bytearray(os.urandom(3_000_000))
    model.write_bytes(content)
    first = fingerprint(model)
    shutil.copyfile(model, tmp_path / "copy.gguf")
    assert fingerprint(tmp_path / "copy.gguf") == first
    for place in (0, 500_000, 2_999_999):
        changed = bytearray(content)
        changed[place] ^= 1
        model.write_bytes(changed)
        assert fingerprint(model) != first
    model.write_bytes(content + b"x")
    assert fingerprint(model) != first
    model.write_bytes(b"")
    assert fingerprint(model)


def test_a_fingerprint_covers_all_parts_of_a_split_model(tmp_path: Path) -> None:
    parts = [tmp_path / f"model-0000{number}-of-00003.gguf" for number in (1, 2, 3)]
    for number, part in enumerate(parts):
        part.write_bytes(bytes([number]) * 10_000)
    (tmp_path / "other-00002-of-00003.gguf").write_bytes(b"other")
    first = fingerprint(parts[0])
    (tmp_path / "other-00002-of-00003.gguf").write_bytes(b"changed")
    assert fingerprint(parts[0]) == first
    parts[2].write_bytes(b"\x07" * 10_000)
    assert fingerprint(parts[0]) != first
