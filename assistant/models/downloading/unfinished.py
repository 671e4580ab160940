"""Downloads that were begun and wait to be gone on with."""

from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CannotWrite, NoSpace
from assistant.gguf import files_of, is_later_part
from assistant.models.files.part import BusyError, Part, PartNotes


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedDownload:
    """A download that waits to be gone on with.

    Attributes:
        repo, file, revision, endpoint: as `download` and `Hub` take them.
        done_bytes: what is here, of all its files.
        total_bytes: the whole model.
        path: the part; of a model cut into several files the first one's.
    """

    repo: str
    file: str
    revision: str
    endpoint: str
    done_bytes: int
    total_bytes: int
    path: Path

    def discard(self) -> bool:
        """Throw away what is here; return False if a download is at work on it."""
        first, *others = files_of(self.path.with_suffix(""))
        try:
            with Part(first) as part:
                for other in others:
                    with Part(other) as one:
                        one.discard()
                part.discard()
        except BusyError:
            return False
        return True


def unfinished(folder: Path) -> list[UnfinishedDownload]:
    """Return the downloads in `folder` that were begun, and that nobody works on now.

    A copy of a file of the person's own that was killed is none, and is thrown away.
    """
    found = []
    for path in sorted(folder.glob("*.gguf.part")):
        target = path.with_suffix("")
        if is_later_part(target):  # the first part speaks for all
            continue
        try:
            with Part(target) as part:
                notes = part.notes()
                if part.is_left_copy:
                    part.discard()
        except (BusyError, CannotWrite, NoSpace):
            continue
        if notes is not None and path.exists():
            found.append(_described(path, target, notes))
    return found


def _described(path: Path, target: Path, notes: PartNotes) -> UnfinishedDownload:
    parts = [one.with_name(f"{one.name}.part") for one in files_of(target)]
    return UnfinishedDownload(
        repo=notes.repo,
        file=notes.file,
        revision=notes.revision,
        endpoint=notes.endpoint,
        done_bytes=sum(one.stat().st_size for one in parts if one.exists()),
        total_bytes=sum(one.size_bytes for one in notes.files) or notes.size_bytes,
        path=path,
    )
