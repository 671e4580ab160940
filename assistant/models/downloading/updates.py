"""What the hub says now of models that are here: only looked at when the person asks.

A newer revision is downloaded beside the old one, which stays until the person deletes it.
"""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import DownloadError, DownloadFault, NothingOlder
from assistant.gguf import whole_name
from assistant.models.downloading.download import DownloadProgress, download, files_in_repo
from assistant.models.files.names import file_name
from assistant.models.files.record import recorded
from assistant.models.hub.client import Hub, RemoteFile
from assistant.models.hub.errand import StoppedError, TransientError
from assistant.models.keeping.defaults import rename_choices
from assistant.models.keeping.details import HubLook, UpdateState, plain_line
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile

__all__ = [
    "UpdateFinding",
    "UpdateState",
    "fetch",
    "fetch_update",
    "go_back",
    "look_for_updates",
    "newer_of",
    "older_of",
]

_GONE = {DownloadFault.NOT_FOUND, DownloadFault.FILE_NOT_FOUND}
_REVISION_SHOWN = 8  # characters of a commit, in a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFinding:
    """What the hub says of one model.

    Attributes:
        model: as it is here, with what was seen in its `look`.
        state: the gravest of what is to be said.
        revision: the newest commit, if it has another content; then an update can be had.
        size_bytes: what a download of that would take.
        licence_before, licence_now: where they differ.
        error: why the hub gave no answer; None if it did.
    """

    model: InstalledModel
    state: UpdateState
    revision: str = ""
    size_bytes: int = 0
    licence_before: str = ""
    licence_now: str = ""
    error: DownloadError | None = None


def look_for_updates(
    hub: Hub, models: Sequence[InstalledModel], folder: ModelFolder, *, cancel: threading.Event
) -> Iterator[UpdateFinding]:
    """Ask the hub about each model that came from one, and keep what it says with the model.

    Models that were added from files are passed over: nobody knows where they are from. Ends
    early when cancelled.

    Args:
        hub: which one.
        models: those to ask about.
        folder: where they are, and what is said of them is kept.
        cancel: stops it.

    Raises:
        DownloadError: the hub cannot be reached.
        NetworkClosed: "Never connect" is on.
        CannotWrite, NoSpace, DamagedData: what was seen cannot be kept.
    """
    for model in models:
        if cancel.is_set():
            return
        if not model.repo or not model.file:
            continue
        try:
            finding = _look(hub, model, cancel)
        except StoppedError:
            return
        yield finding if finding.error else _kept(finding, folder)


def fetch_update(
    hub: Hub,
    model: InstalledModel,
    folder: ModelFolder,
    settings: SettingsFile,
    *,
    cancel: threading.Event,
) -> Iterator[DownloadProgress | InstalledModel]:
    """Download the newest revision of a model beside it, and use it in its place.

    The last value is the new one: it takes over the title, the note, the load settings and the
    tasks. The old one stays as it is. Returns early when cancelled; what came is kept.

    Raises:
        DownloadError, NoSpace, CannotWrite, ModelError: see `download`.
    """
    revision = model.look.revision
    events = download(
        hub,
        model.repo,
        model.file,
        folder.folder,
        revision=revision or None,
        target=_beside(model, revision, folder.folder),
        cancel=cancel,
    )
    yield from _taking_over(model, events, folder, settings)


def fetch(
    hub: Hub,
    repo: str,
    file: str,
    folder: ModelFolder,
    settings: SettingsFile | None = None,
    *,
    revision: str | None = None,
    sha256: str | None = None,
    cancel: threading.Event,
) -> Iterator[DownloadProgress | InstalledModel]:
    """Download a model as `download` does, but never over an older revision of it.

    Where one is here, the hub is first asked what the file is now: if it is another one, it is
    kept beside, as `fetch_update` does; the tasks go over to it if `settings` are given.

    Raises:
        DownloadError, NetworkClosed, NoSpace, CannotWrite, ModelError: see `download`.
    """
    here = [
        model
        for model in folder.list()
        if model.is_ours and (model.repo, model.file) == (repo, file)
    ]
    target: Path | None = None
    older: InstalledModel | None = None
    if here:
        try:
            facts = hub.files_facts(repo, files_in_repo(file), revision, cancel=cancel)
        except StoppedError:
            return
        except TransientError as transient:
            raise transient.error from transient
        same = next((model for model in here if not _is_older(model, facts)), None)
        replaced = {model.replaces for model in here}
        older = None if same else next(m for m in here if m.name not in replaced)
        target = same.path if same else _beside(here[0], facts[0].revision, folder.folder)
    events = download(
        hub,
        repo,
        file,
        folder.folder,
        revision=revision,
        sha256=sha256,
        target=target,
        cancel=cancel,
    )
    yield from _taking_over(older, events, folder, settings) if older else events


def older_of(model: InstalledModel, folder: ModelFolder) -> InstalledModel | None:
    """Return the older revision that is kept beside a model; None if it is gone."""
    if not model.replaces:
        return None
    return next((one for one in folder.list() if one.name == model.replaces), None)


def newer_of(model: InstalledModel, folder: ModelFolder) -> InstalledModel | None:
    """Return the newer revision that is kept beside a model; None if there is none."""
    return next((one for one in folder.list() if one.replaces == model.name), None)


def go_back(model: InstalledModel, folder: ModelFolder, settings: SettingsFile) -> InstalledModel:
    """Use the older revision in the place of a newer one again, and return it; both stay.

    Raises:
        NothingOlder: there is none.
        CannotWrite, NoSpace: the choice could not be kept.
    """
    older = older_of(model, folder)
    if older is None:
        raise NothingOlder(model.name)
    rename_choices(model.name, older.name, settings)
    return older


def _look(hub: Hub, model: InstalledModel, cancel: threading.Event) -> UpdateFinding:
    """Ask about one model; only the hub's being out of reach is an error."""
    try:
        facts = hub.files_facts(model.repo, files_in_repo(model.file), cancel=cancel)
    except TransientError as transient:
        error = transient.error
    except DownloadError as refusal:
        error = refusal
    else:
        return _compared(model, facts)
    if error.fault is DownloadFault.OFFLINE:
        raise error
    if error.fault in _GONE:
        return UpdateFinding(model=model, state=UpdateState.WITHDRAWN)
    if error.fault is DownloadFault.GATED:
        return UpdateFinding(model=model, state=UpdateState.GATED_NOW)
    return UpdateFinding(model=model, state=UpdateState.UNKNOWN, error=error)


def _compared(model: InstalledModel, facts: Sequence[RemoteFile]) -> UpdateFinding:
    """Compare what the hub has now with what was downloaded."""
    record = recorded(model.path)
    before = record.licence if record else ""
    is_newer = _is_older(model, facts)
    now = plain_line(facts[0].licence)
    is_relicensed = bool(before and now) and before.casefold() != now.casefold()
    state = UpdateState.NEWER if is_newer else UpdateState.CURRENT
    return UpdateFinding(
        model=model,
        state=UpdateState.RELICENSED if is_relicensed else state,
        revision=facts[0].revision if is_newer else "",
        size_bytes=sum(fact.size_bytes for fact in facts) if is_newer else 0,
        licence_before=before if is_relicensed else "",
        licence_now=now,
    )


def _is_older(model: InstalledModel, facts: Sequence[RemoteFile]) -> bool:
    """Return whether the hub has other bytes; by their number where it tells no sum."""
    record = recorded(model.path)
    if record is None:
        return False  # nobody knows what was downloaded
    kept = [(record.size_bytes, record.sha256)]
    kept += [(part.size_bytes, part.sha256) for part in record.parts]
    return len(kept) != len(facts) or any(
        size != fact.size_bytes or bool(known and fact.sha256 and known != fact.sha256)
        for (size, known), fact in zip(kept, facts, strict=True)
    )


def _kept(finding: UpdateFinding, folder: ModelFolder) -> UpdateFinding:
    """Keep what was seen with the model, and return it with the model as it is now."""
    look = HubLook(
        state=finding.state,
        revision=finding.revision,
        size_bytes=finding.size_bytes,
        licence=finding.licence_now,
        looked_at=datetime.now(UTC),
    )
    return replace(finding, model=folder.change(finding.model, look=look))


def _beside(model: InstalledModel, revision: str, folder: Path) -> Path:
    """Return where a newer revision is kept: under its own name, with the commit in it."""
    name = file_name(files_in_repo(model.file)[0])
    stem = whole_name(Path(name))
    part = name[len(stem) :]  # "-00001-of-00002.gguf", or ".gguf"
    # The hub's word becomes a part of a name: letters and digits only.
    commit = re.sub("[^0-9A-Za-z]", "", revision)[:_REVISION_SHOWN] or "newer"
    return folder / f"{stem}-{commit}{part}"


def _taking_over(
    old: InstalledModel,
    events: Iterator[DownloadProgress | InstalledModel],
    folder: ModelFolder,
    settings: SettingsFile | None,
) -> Iterator[DownloadProgress | InstalledModel]:
    for event in events:
        if isinstance(event, DownloadProgress):
            yield event
        else:
            yield _take_over(old, event, folder, settings)


def _take_over(
    old: InstalledModel, new: InstalledModel, folder: ModelFolder, settings: SettingsFile | None
) -> InstalledModel:
    """Let `new` be called, loaded and used as `old` was."""
    details = folder.details.of(old)
    if new.path == old.path:  # the hub went back to what is here
        return new
    kept = folder.change(
        new,
        title=details.title,
        note=details.note,
        chat_template=details.chat_template,
        context_tokens=details.context_tokens,
        kv_type=details.kv_type,
        gpu_layers=details.gpu_layers,
        threads=details.threads,
        flash_attention=details.flash_attention,
        replaces=old.name,
        look=HubLook(state=UpdateState.CURRENT, looked_at=datetime.now(UTC)),
    )
    if settings:
        rename_choices(old.name, kept.name, settings)
    return kept
