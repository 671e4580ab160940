"""Write what a Linux desktop is told of Alcove: menu, icons, file types, menus of file managers.

    python packaging/desktop/tree.py FOLDER          e.g. build/deb/usr: FOLDER/share/…

The same tree serves the .deb, the AppImage and `install.sh` of the portable archive. Commands in it
are `alcove`, to be found on the path; `install.sh` writes the program's own place over them.
"""

import shutil
import sys
from pathlib import Path

from document_types import DOCUMENTS, EXTENSIONS, MODEL
from icons import make_icons

HERE = Path(__file__).resolve().parent
# freedesktop's icon theme has these; 1024 is macOS's.
_ICON_SIZES = (16, 22, 24, 32, 36, 48, 64, 72, 96, 128, 192, 256, 512)
# Where each file goes below share/, and which may be run.
PLACES = {
    "alcove.desktop": "applications/alcove.desktop",
    # Behind alcove.desktop in the alphabet: where no other program is the default for a type,
    # some desktops take the first.
    "summarize-with-alcove.desktop": "applications/summarize-with-alcove.desktop",
    "alcove-servicemenu.desktop": "kio/servicemenus/alcove-summarize.desktop",
    "alcove-summarize.nemo_action": "nemo/actions/alcove-summarize.nemo_action",
    "alcove-mime.xml": "mime/packages/alcove.xml",
    "org.alcove.Alcove.metainfo.xml": "metainfo/org.alcove.Alcove.metainfo.xml",
}
# KDE runs a service menu only if it is executable or belongs to the system.
_EXECUTABLE = {"alcove-servicemenu.desktop"}


def write_tree(folder: Path) -> list[Path]:
    """Write the tree below `folder`/share and return its files, in order."""
    share = folder / "share"
    written = []
    for name, place in PLACES.items():
        target = share / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(filled((HERE / name).read_text("utf-8")), "utf-8")
        target.chmod(0o755 if name in _EXECUTABLE else 0o644)
        written.append(target)
    written += _write_icons(share / "icons" / "hicolor", share / ".icons")
    return sorted(written)


def filled(template: str) -> str:
    """Return a file's text with the types of documents in it."""
    documents = "".join(f"{one.mime};" for one in DOCUMENTS)
    endings = "".join(f"{ending};" for ending in EXTENSIONS)
    text = template.replace("@DOCUMENTS@", documents).replace("@MODEL@", f"{MODEL.mime};")
    return text.replace("@EXTENSIONS@", endings)


def _write_icons(theme: Path, scratch: Path) -> list[Path]:
    made = make_icons(scratch)
    written = []
    for size in _ICON_SIZES:
        target = theme / f"{size}x{size}" / "apps" / "alcove.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made[size], target)
        written.append(target)
    drawing = theme / "scalable" / "apps" / "alcove.svg"
    drawing.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(scratch / "alcove.svg", drawing)
    shutil.rmtree(scratch)
    return [*written, drawing]


if __name__ == "__main__":
    for file in write_tree(Path(sys.argv[1])):
        print(file)
