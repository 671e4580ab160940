"""Renders every page in every state to PNG, with real documents, the real engine and a hub of ours.

    python tests/ui/screenshots.py docs/pictures               the README's pictures
    python tests/ui/screenshots.py docs/pictures --all FOLDER  and every state in FOLDER

Each variant (light, dark, right to left, 100% and 200%) is a process of its own, because Qt takes
its scale at the start. All work on one data folder, so that the model writes once.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QImage  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402

from assistant import paths  # noqa: E402
from assistant.settings import Theme  # noqa: E402
from assistant.summaries.summary import Length, Mode  # noqa: E402
from assistant.ui.app import Alcove  # noqa: E402
from assistant.ui.documents.session import DocumentSession  # noqa: E402
from assistant.ui.models.finding.remote_page import RemotePage  # noqa: E402
from tests.models.hub_server import Busy, HubServer  # noqa: E402
from tests.ui.about_screenshots import photograph_about  # noqa: E402
from tests.ui.around_screenshots import photograph_around  # noqa: E402
from tests.ui.asking_screenshots import photograph_asking, photograph_library  # noqa: E402
from tests.ui.keeping_screenshots import photograph_keeping  # noqa: E402
from tests.ui.kept_screenshots import photograph_kept  # noqa: E402
from tests.ui.list_screenshots import photograph_list  # noqa: E402
from tests.ui.reply_screenshots import photograph_replies  # noqa: E402

README = {"documents-cited", "documents-quick", "chat-done", "find-empty", "model-page", "settings"}
README_DARK = {"documents-cited"}
FILES = ROOT / "tests" / "files"
SIZE = (1180, 760)
NARROW = (720, 480)


@dataclass(frozen=True)
class Variant:
    """One look of the window."""

    name: str
    theme: Theme = Theme.LIGHT
    scale: float = 1.0
    is_mirrored: bool = False


VARIANTS = (
    Variant("light"),
    Variant("dark", Theme.DARK),
    Variant("mirrored", is_mirrored=True),
    Variant("light-200", scale=2.0),
    Variant("dark-200", Theme.DARK, scale=2.0),
)


OLD_LEASE = """# Lease of a flat

The tenant must pay a rent of 780 euros on the first working day of each month. The landlord may
enter the flat with two days' notice. The kitchen is shared with the other tenants.

## Term

The lease begins on 1 March 2025 and ends on 28 February 2027. Either party may terminate it with
three months' notice in writing.

## Deposit

The deposit is three rents. It is returned within 30 days.
"""
NEW_LEASE = """# Lease of a flat

The tenant must pay a rent of 820 euros on the first working day of each month. The landlord may
not enter the flat without two days' notice.

## Deposit

The deposit is three rents. It is returned within 60 days.

## Term

The lease begins on 1 March 2025 and ends on 28 February 2027. Either party may terminate it with
three months' notice in writing. Pets are allowed.
"""


class Photographer:
    """Drives the window and takes pictures of it."""

    def __init__(self, app: QApplication, alcove: Alcove, variant: Variant, out: Path) -> None:
        self.app = app
        self.alcove = alcove
        self.variant = variant
        self.out = out

    def wait(self, until: Callable[[], object], seconds: float = 240) -> None:
        """Let the window live until something holds."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.005)

    def rest(self, seconds: float = 0.4) -> None:
        """Let the window live for a moment."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Save a picture of the window, or of another one."""
        self.rest()
        picture = (widget or self.alcove.window).grab().toImage()
        picture.save(str(self.out / f"{name}-{self.variant.name}.png"))

    def done(self) -> DocumentSession:
        """Wait until the shown document has all it will have."""
        page = self.alcove.documents_page
        self.wait(lambda: page.session is not None and not page.session.is_working)
        self.rest()
        assert page.session is not None
        return page.session

    @contextmanager
    def size(self, width: int, height: int) -> Iterator[None]:
        """Make the window smaller for a while."""
        self.alcove.window.resize(width, height)
        self.rest(0.2)
        yield
        self.alcove.window.resize(*SIZE)
        self.rest(0.2)


def photograph_documents(camera: Photographer) -> None:
    """Empty, reading, done, cited, writing, stopped, failed, narrow."""
    page = camera.alcove.documents_page
    camera.take("documents-empty")
    page.open_sample()
    camera.wait(page.view.progress.isVisible)
    camera.take("documents-reading")
    session = camera.done()
    camera.take("documents-done")
    result = page.view.result
    result.anchorClicked.emit(QUrl("why:0"))
    result.cited.emit("point:2")
    camera.rest(1.5)
    camera.take("documents-cited")
    page.view.options.length_actions[Length.SHORT].trigger()
    camera.done()
    page.view.options.mode_actions[Mode.QUICK].trigger()
    camera.wait(lambda: not session.is_working or _in_prompt(camera))
    camera.take("documents-writing")
    if session.is_working:  # not where the summary of the variant before is shown again
        page.view.progress.pause_button.click()
        camera.take("documents-paused")
        page.view.progress.pause_button.click()
    camera.wait(lambda: not session.is_working or _has_sentence(session))
    camera.take("documents-streaming")
    camera.done()
    camera.take("documents-quick")
    photograph_options(camera)
    photograph_thorough(camera)
    with camera.size(*NARROW):
        camera.take("documents-narrow")
        result.cited.emit("point:1")
        camera.rest(1)
        camera.take("documents-narrow-page")
        page.view.pages.closed.emit()
        camera.alcove.window.workspace.toggle_list()
        camera.take("documents-narrow-list")
        camera.alcove.window.workspace.close_list()
    photograph_bad_documents(camera)


def photograph_options(camera: Photographer) -> None:
    """What can be chosen beside the mode."""
    options = camera.alcove.documents_page.view.options
    options.further_button.click()
    camera.take("documents-options")
    with camera.size(*NARROW):
        camera.take("documents-options-narrow")
    options.further_button.click()


def photograph_thorough(camera: Photographer) -> None:
    """Reading part by part, stopped on the way, done; a part unfolded, evidence by key."""
    page = camera.alcove.documents_page
    view, session = page.view, page.session
    assert session is not None
    view.options.mode_actions[Mode.THOROUGH].trigger()
    camera.wait(lambda: not session.is_working or _has_part(session), 600)
    if session.is_working:  # not where the summary of the variant before is shown again
        camera.take("documents-thorough-working")
        view.progress.stop_button.click()
        camera.done()
        camera.wait(lambda: session.plan is not None and session.plan.of(Mode.THOROUGH).done, 60)
        camera.take("documents-thorough-stopped")
        session.summarize()
    camera.wait(lambda: not session.is_working, 900)
    camera.take("documents-thorough")
    view.result.anchorClicked.emit(QUrl("fold:1"))
    view.result.cited.emit("part:1:0:0")
    camera.rest(1)
    camera.take("documents-thorough-part")
    with camera.size(*NARROW):
        view.trail.step(1)
        camera.rest(1)
        camera.take("documents-evidence-narrow")
        view.pages.closed.emit()


def _has_part(session: DocumentSession) -> bool:
    return bool(session.summary and any(entry.sentences for entry in session.summary.outline))


def _in_prompt(camera: Photographer) -> bool:
    return "selection" in camera.alcove.documents_page.view.progress.words.text()


def _has_sentence(session: DocumentSession) -> bool:
    return bool(session.summary and session.summary.sentences)


def photograph_bad_documents(camera: Photographer) -> None:
    """A password, a damaged file, a scan, a file that was moved, a removal."""
    page = camera.alcove.documents_page
    folder = camera.out / "files"
    folder.mkdir(exist_ok=True)
    damaged = folder / "Lease 2026.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + b"\x00rubbish" * 99)
    moved = folder / "Report.pdf"
    shutil.copy(FILES / "report.pdf", moved)
    for path, name in (
        (FILES / "password.pdf", "password"),
        (damaged, "damaged"),
        (FILES / "pictures.pdf", "scan"),
        (FILES / "report.docx", "docx"),
    ):
        page.open_files([path])
        camera.done()
        camera.take(f"documents-{name}")
    page.open_files([moved])
    camera.done()
    moved.unlink()
    page.view.result.cited.emit("point:0")
    camera.rest(1)
    camera.take("documents-moved")
    page.view.remove_wanted.emit()
    camera.take("documents-undo")
    page.undo_bar.undo()
    shutil.rmtree(folder)


def photograph_queue(camera: Photographer) -> None:
    """A folder offered, under way, done with a failure, and its digest beside a page."""
    page = camera.alcove.documents_page
    folder = camera.out / "Papers of the harbour"
    folder.mkdir(exist_ok=True)
    for name in ("report.docx", "report.md", "columns.pdf", "web.pdf", "accounts.xlsx"):
        shutil.copy(FILES / name, folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    (folder / "program.bin").write_bytes(bytes(range(256)) * 20)
    page.open_files([folder])
    view = page.desk.queue
    camera.wait(view.offer.isVisible)
    camera.take("queue-offer")
    view.offer.start_button.click()
    camera.wait(lambda: page.desk.work.item_id or not page.desk.work.is_working)
    camera.take("queue-working")
    camera.wait(lambda: not page.desk.work.is_working)
    camera.take("queue-done")
    with camera.size(*NARROW):
        camera.take("queue-narrow")
    view.digest_button.click()
    camera.take("digest")
    assert page.desk.digest.digest is not None
    cited = page.desk.digest.digest.sentences[0].citations[0]
    span = cited.citation.span
    address = f"file:{cited.file}:{span.page}:{span.start}:{span.end}"
    page.desk.digest.result.text.anchorClicked.emit(QUrl(address))
    camera.rest(1)
    camera.take("digest-page")
    shutil.rmtree(folder)


def photograph_comparison(camera: Photographer) -> None:
    """Two versions of a contract, and the page behind a change."""
    page = camera.alcove.documents_page
    folder = camera.out / "Lease"
    folder.mkdir(exist_ok=True)
    old, new = folder / "lease 2025.md", folder / "lease 2026.md"
    old.write_text(OLD_LEASE, "utf-8")
    new.write_text(NEW_LEASE, "utf-8")
    page.open_files([old])
    camera.done()
    page.compare_with(new)
    session = page.comparison.session
    camera.wait(lambda: session.result is not None and not session.is_working)
    camera.take("compare")
    page.comparison.result.text.anchorClicked.emit(QUrl("new:1:0:40"))
    camera.take("compare-page")
    with camera.size(*NARROW):
        camera.take("compare-narrow")
    shutil.rmtree(folder)


def photograph_chat(camera: Photographer) -> None:
    """Empty, streaming, done, narrow."""
    camera.alcove.window.show_page("chat")
    page = camera.alcove.chat_page
    page.new_chat()
    camera.take("chat-empty")
    page.send("How do I keep a sourdough starter alive? Answer in three short steps.")
    camera.wait(lambda: page.live_reply is not None and len(page.live_reply.text) > 60)
    camera.take("chat-streaming")
    camera.wait(lambda: page.live_reply is None)
    camera.take("chat-done")
    page.transcript.replies()[-1].figures_button.click()
    camera.take("chat-figures")
    page.transcript.replies()[-1].figures_button.click()
    with camera.size(*NARROW):
        camera.take("chat-narrow")


def photograph_models(camera: Photographer) -> None:
    """The models that are here, and the question before a download."""
    camera.alcove.window.show_page("models")
    page = camera.alcove.models_page
    page.show_installed()
    camera.rest(1)
    camera.take("models")
    camera.alcove.settings.change(hub_terms_read="")
    page.offer.download_button.click()
    camera.take("models-question")
    assert page.offer.terms is not None
    page.offer.terms.cancel_button.click()
    with camera.size(*NARROW):
        camera.take("models-narrow")


def photograph_finding(camera: Photographer, hub: HubServer) -> None:
    """The selection, the question before the first search, results, and a hub that is closed."""
    from tests.ui.models.hub_library import fill

    fill(hub)
    camera.alcove.window.show_page("models")
    page = camera.alcove.models_page
    view = page.find_view
    camera.alcove.settings.change(hub_terms_read="")
    page.show_find()
    camera.wait(view.offer.speed.isVisible, 30)
    camera.take("find-empty")
    view.field.setText("instruct")
    view.submit()
    camera.take("find-disclosure")
    view.terms.agree_button.click()
    camera.wait(lambda: not view.results.is_searching, 60)
    camera.take("find-results")
    view.filters_button.setChecked(True)
    camera.take("find-filters")
    with camera.size(*NARROW):
        camera.take("find-filters-narrow")
    view.filters_button.setChecked(False)
    view.field.setText("")
    view.submit()
    camera.wait(lambda: not view.results.is_searching, 60)
    scroll_to(view.results.cards()[-1])
    camera.take("find-warning")
    with camera.size(*NARROW):
        camera.take("find-narrow")
    view.field.setText("nothing of this name")
    view.submit()
    camera.wait(lambda: not view.results.is_searching, 60)
    camera.take("find-nothing")
    hub.fail_facts(*[Busy()] * 5)
    view.submit()
    camera.wait(lambda: not view.results.is_searching, 60)
    camera.take("find-failed")
    hub._facts_faults.clear()
    view.clear_button.click()
    camera.alcove.settings.change(never_connects=True)
    page.access.refresh()
    camera.take("never-connect")
    camera.alcove.settings.change(never_connects=False)
    page.access.refresh()


def photograph_model_pages(camera: Photographer, hub: HubServer) -> None:
    """A model's page, from its head to its card; one that is cryptic, and one that cannot run."""
    from tests.ui.models import hub_library as library

    starter = paths.resource("models/SmolLM2-135M-Instruct.Q4_1.gguf").read_bytes()
    library.add_smol(hub, starter)
    hub.add(library.MYSTERY, "Mystery-Q4_0.gguf", starter, licence="")
    page = camera.alcove.models_page
    for repo, name in (
        (library.SMOL, "model-page"),
        (library.QWEN, "model-page-larger"),
        (library.MYSTERY, "model-page-warnings"),
        (library.GATED, "model-page-gated"),
        (library.PYTORCH, "model-page-cannot-run"),
        ("someone/gone", "model-page-gone"),
    ):
        opened = page.open_model(repo)
        camera.wait(partial(_is_shown, opened), 60)
        camera.take(name)
        if repo == library.MYSTERY:
            with camera.size(*NARROW):
                camera.take("model-page-warnings-narrow")
        if repo == library.SMOL:
            assert opened.card is not None
            assert opened.files is not None
            opened.verdict.memory.button.click()
            opened.files.fold.button.click()
            camera.take("model-page-unfolded")
            scroll_to(opened.card)
            camera.take("model-page-card")
            with camera.size(*NARROW):
                scroll_to(opened.title)
                camera.take("model-page-narrow")
        page.views.back()


def _is_shown(page: RemotePage) -> bool:
    return not page.is_loading and not page.verdict.is_looking


def photograph_downloads(camera: Photographer, hub: HubServer) -> None:
    """A queue under way, paused, and a download that failed."""
    from assistant.ui.models.downloads.downloads import Wanted

    page = camera.alcove.models_page
    page.show_installed()
    name = "Qwen3-4B-Instruct-2507-Q4_K_M.gguf"
    starter = paths.resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
    hub.add("someone/qwen", name, starter.read_bytes())
    hub.bytes_per_s = 8_000_000
    download = page.downloads.start(Wanted("someone/qwen", name, "Qwen3 4B Instruct"))
    others = [
        page.downloads.start(Wanted("someone/qwen", file, title, size_bytes=size))
        for file, title, size in (
            ("Gemma.gguf", "Gemma 4 E2B", 2_900_000_000),
            ("Phi.gguf", "Phi 5 mini", 2_500_000_000),
        )
    ]
    camera.wait(lambda: download.progress.done_bytes > 20_000_000 or download.error, 60)
    if download.error:
        raise download.error
    camera.take("downloads-queue")
    with camera.size(*NARROW):
        camera.take("downloads-narrow")
    for one in (*others, download):
        one.pause()
    camera.wait(lambda: not download.is_working, 30)
    camera.take("downloads-paused")
    hub.bytes_per_s = 0
    hub.add("meta/llama", name, starter.read_bytes()[:1000], gated="auto")
    for repo, title in (("someone/other", "A model that is gone"), ("meta/llama", "Llama 3.1 8B")):
        failed = page.downloads.start(Wanted(repo, name, title))
        camera.wait(partial(getattr, failed, "error"), 60)
    camera.take("download-failed")
    for one in page.downloads.all():
        page.downloads.discard(one)


def scroll_to(widget: QWidget) -> None:
    """Bring a part of a long page into view."""
    from PySide6.QtWidgets import QScrollArea

    area = widget.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if isinstance(area, QScrollArea):
        area.verticalScrollBar().setValue(
            widget.mapTo(area.widget(), widget.rect().topLeft()).y() - 40
        )


def photograph_settings(camera: Photographer) -> None:
    """The page, the question before erasing, the connections."""
    from assistant.ui.connections_view import ConnectionsView
    from assistant.ui.settings.settings_page import SettingsPage

    window = camera.alcove.window
    camera.alcove.settings.change(hub_endpoint="")
    window.show_page("settings")
    camera.take("settings")
    page = window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_network()
    camera.take("settings-network")
    page.erase_view.ask_button.click()
    camera.take("settings-erase")
    page.erase_view.keep_button.click()
    with camera.size(*NARROW):
        camera.take("settings-narrow")
    view = ConnectionsView(camera.alcove.connections, window)
    view.show()
    camera.take("connections", view)
    view.close()


def photograph(variant: Variant, out: Path, only: list[str]) -> None:
    """Take the pictures of one variant, in this process: all, or `only` those of some parts."""
    app = QApplication([])
    QLocale.setDefault(QLocale("en_GB"))
    if variant.is_mirrored:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    with HubServer() as server:
        alcove = Alcove(app, paths.folders())
        alcove.settings.change(hub_endpoint=server.endpoint, summary_mode="", theme=variant.theme)
        alcove.appearance.choose(variant.theme)
        alcove.window.setGeometry(200, 200, *SIZE)  # away from the mouse
        camera = Photographer(app, alcove, variant, out)
        try:
            alcove.start()
            camera.wait(lambda: alcove.current_model.is_known)
            for left in alcove.conversations.list():  # by the variant before
                alcove.conversations.remove(left.id)
            for name, take in {
                "documents": lambda: photograph_documents(camera),
                "queue": lambda: photograph_queue(camera),
                "compare": lambda: photograph_comparison(camera),
                "chat": lambda: photograph_chat(camera),
                "around": lambda: photograph_around(camera),
                "list": lambda: photograph_list(camera),
                "replies": lambda: photograph_replies(camera),
                "asking": lambda: photograph_asking(camera),
                "library": lambda: photograph_library(camera),
                "models": lambda: photograph_models(camera),
                "find": lambda: photograph_finding(camera, server),
                "pages": lambda: photograph_model_pages(camera, server),
                "downloads": lambda: photograph_downloads(camera, server),
                "keeping": lambda: photograph_keeping(camera, server),
                "settings": lambda: photograph_settings(camera),
                "kept": lambda: photograph_kept(camera),
                "about": lambda: photograph_about(camera),
            }.items():
                if not only or name in only:
                    take()
        finally:
            alcove.window.close()
            alcove.close()


def palette(picture: QImage) -> list[int]:
    """Return 256 colours: one of each neighbourhood there is, and the commonest of all."""
    counts = Counter(memoryview(picture.constBits()).cast("I"))
    common = [color for color, _ in counts.most_common()]
    first_of_its_kind = {color & 0xE0E0E0: color for color in reversed(common)}
    kinds = sorted(first_of_its_kind.values(), key=lambda color: -counts[color])[:128]
    chosen = dict.fromkeys([*kinds, *common])
    return [color | 0xFF000000 for color in list(chosen)[:256]]


def publish(taken: Path, out: Path) -> None:
    """Copy the README's pictures, with few enough colours to be small."""
    out.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}-light" for name in README] + [f"{name}-dark" for name in README_DARK]
    for name in wanted:
        picture = QImage(str(taken / f"{name}.png")).convertToFormat(QImage.Format.Format_RGB32)
        small = picture.convertToFormat(
            QImage.Format.Format_Indexed8, palette(picture), Qt.ImageConversionFlag.ThresholdDither
        )
        small.save(str(out / f"{name}.png"))


def main() -> int:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the README's pictures")
    parser.add_argument("--all", type=Path, help="folder for every picture")
    parser.add_argument("--variant", help="only this one; for the processes this one starts")
    parser.add_argument("--only", nargs="*", default=[], help="parts; for looking at a change")
    options = parser.parse_args()
    if options.variant:
        variant = next(v for v in VARIANTS if v.name == options.variant)
        photograph(variant, options.out, options.only)
        return 0
    with tempfile.TemporaryDirectory(prefix="pictures-") as home:
        taken = (options.all or Path(home) / "taken").absolute()
        taken.mkdir(parents=True, exist_ok=True)
        wanted = VARIANTS if options.all else VARIANTS[:2]
        for variant in wanted:
            print(variant.name, flush=True)
            subprocess.run(
                [
                    sys.executable,
                    __file__,
                    taken,
                    "--variant",
                    variant.name,
                    "--only",
                    *options.only,
                ],
                env=os.environ
                | {"ALCOVE_HOME": f"{home}/Alcove", "QT_SCALE_FACTOR": str(variant.scale)},
                check=True,
            )
        if not options.only:
            publish(taken, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
