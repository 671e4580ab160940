"""The bill of materials and the licences of the app that was built. After `make package`."""

import json
import sys
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

sys.path.insert(0, str(Path(__file__).resolve().parent))

from archive import archive_name
from sbom import ROOT, bill

from assistant.parts import Part

pytestmark = pytest.mark.frozen


@pytest.fixture(scope="module")
def licences() -> Path:
    """The folder of licences within the app."""
    found = [path.parent for path in (ROOT / "dist").rglob("resources/licences/parts.json")]
    assert found, "the app has no list of its parts: run `make package`"
    return found[0]


@pytest.fixture(scope="module")
def parts(licences: Path) -> list[Part]:
    """What the app says that it is made of."""
    return [Part(**one) for one in json.loads((licences / "parts.json").read_text("utf-8"))]


def test_bill_follows_the_schema(parts) -> None:
    text = json.dumps(bill(parts))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert bill(parts) == bill(parts)


def test_bill_beside_the_app_names_every_part(parts) -> None:
    has_model = any(part.name.endswith("(the starter model)") for part in parts)
    suffix = "" if has_model else "-nomodel"
    written = ROOT / "dist" / f"{archive_name(suffix=suffix)}.cdx.json"
    names = {one["name"] for one in json.loads(written.read_text("utf-8"))["components"]}
    assert names == {part.name for part in parts}
    assert {"Python", "Qt", "llama.cpp and ggml", "numpy", "pypdfium2"} <= names


def test_every_part_has_a_licence_and_its_text(licences, parts) -> None:
    without = [part.name for part in parts if not part.licence]
    assert without == []
    for part in parts:
        assert part.texts, part.name
        for text in part.texts:
            assert (licences / text).stat().st_size > 0


def test_nothing_is_under_a_licence_that_would_bind_the_app(parts) -> None:
    for part in parts:
        choices = part.licence.replace("(", "").replace(")", "").split(" OR ")
        bound = [one for one in choices if "GPL" in one and "LGPL" not in one and "WITH" not in one]
        assert len(bound) < len(choices), (part.name, part.licence)
