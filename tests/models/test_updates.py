"""What the hub says now of models that are here, and newer revisions beside the older ones."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import DownloadError, DownloadFault, NetworkClosed, NothingOlder
from assistant.models.downloading.download import DownloadProgress, download
from assistant.models.downloading.updates import (
    UpdateFinding,
    UpdateState,
    fetch,
    fetch_update,
    go_back,
    look_for_updates,
    newer_of,
    older_of,
)
from assistant.models.files.record import recorded, write_record
from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.keeping.defaults import Task, model_for, use_for
from assistant.models.keeping.details import DetailsFile
from assistant.models.keeping.installed import InstalledModel, ModelFolder
from assistant.settings import SettingsFile
from tests.models.hub_server import Cut, HubServer, Refuse
from tests.models.tiny_gguf import tiny_gguf

REPO, FILE = "someone/model-GGUF", "model.Q4_K_M.gguf"
OLD, NEW = tiny_gguf(50_000, seed=1), tiny_gguf(60_000, seed=2)


@pytest.fixture
def models(folder: Path, tmp_path: Path) -> ModelFolder:
    return ModelFolder(folder, details=DetailsFile(tmp_path / "models.json"))


@pytest.fixture
def settings(tmp_path: Path) -> SettingsFile:
    return SettingsFile(tmp_path / "settings.json")


@pytest.fixture(name="fetch")
def _fetch(hub: Hub, models: ModelFolder) -> Callable[..., InstalledModel]:
    def fetch(repo: str = REPO, file: str = FILE) -> InstalledModel:
        events = list(download(hub, repo, file, models.folder, cancel=threading.Event()))
        assert isinstance(events[-1], InstalledModel)
        return models.find(str(events[-1].path))

    return fetch


@pytest.fixture
def look(hub: Hub, models: ModelFolder) -> Callable[..., list[UpdateFinding]]:
    def look() -> list[UpdateFinding]:
        return list(look_for_updates(hub, models.list(), models, cancel=threading.Event()))

    return look


def update(hub: Hub, model: InstalledModel, models: ModelFolder, settings: SettingsFile):
    cancel = threading.Event()
    *progress, last = fetch_update(hub, model, models, settings, cancel=cancel)
    assert all(isinstance(event, DownloadProgress) for event in progress)
    assert isinstance(last, InstalledModel)
    return last


def test_nothing_is_asked_of_models_that_came_from_nowhere(look, models, hub_server) -> None:
    models.folder.mkdir()
    (models.folder / "mine.gguf").write_bytes(tiny_gguf(10))
    assert look() == []
    assert hub_server.asked == []


def test_a_model_that_did_not_change_is_current_and_the_look_is_kept(
    look, fetch, models, hub_server
) -> None:
    hub_server.add(REPO, FILE, OLD)
    fetch()
    hub_server.add(REPO, "README.md", b"another commit", is_lfs=False)
    asked = len(hub_server.asked)
    [finding] = look()
    assert len(hub_server.asked) == asked + 1
    assert (finding.state, finding.revision, finding.error) == (UpdateState.CURRENT, "", None)
    kept = models.find(FILE).look
    assert kept == finding.model.look
    assert kept.looked_at is not None


def test_a_newer_revision_is_kept_beside_and_used_and_one_can_go_back(
    look, fetch, models, hub, hub_server, settings
) -> None:
    hub_server.add(REPO, FILE, OLD)
    old = models.change(fetch(), title="My model", note="good", context_tokens=1024)
    use_for(Task.SUMMARIES, old, settings)
    commit = hub_server.add(REPO, FILE, NEW)
    [finding] = look()
    assert (finding.state, finding.revision) == (UpdateState.NEWER, commit)
    assert finding.size_bytes == len(NEW)
    new = update(hub, finding.model, models, settings)
    assert new.path.name == f"model.Q4_K_M-{commit[:8]}.gguf"
    assert (new.path.read_bytes(), old.path.read_bytes()) == (NEW, OLD)
    assert (new.title, new.note, new.wishes.context_tokens) == ("My model", "good", 1024)
    assert (new.is_verified, new.revision, new.replaces) == (True, commit, old.name)
    assert model_for(Task.SUMMARIES, settings.value, models) == new
    assert older_of(new, models) == models.find(FILE)
    assert newer_of(models.find(FILE), models) == models.find("my model") == new
    assert go_back(new, models, settings).path == old.path
    assert settings.value.summary_model == old.name
    assert new.path.exists()
    states = {one.model.path: one.state for one in look()}
    assert states == {old.path: UpdateState.NEWER, new.path: UpdateState.CURRENT}
    models.remove(old)
    assert older_of(models.find(new.name), models) is None
    with pytest.raises(NothingOlder):
        go_back(new, models, settings)


def test_a_download_never_goes_over_an_older_revision(models, hub, hub_server, settings) -> None:
    def run() -> InstalledModel:
        cancel = threading.Event()
        *_, last = fetch(hub, REPO, FILE, models, settings, cancel=cancel)
        assert isinstance(last, InstalledModel)
        return models.find(str(last.path))

    hub_server.add(REPO, FILE, OLD)
    first = models.change(run(), title="Mine")
    sent = hub_server.content_bytes
    assert run() == first
    second_commit = hub_server.add(REPO, FILE, NEW)
    second = run()
    assert (first.path.read_bytes(), second.path.read_bytes()) == (OLD, NEW)
    assert (second.replaces, second.title) == (first.name, "Mine")
    assert run() == second
    assert hub_server.content_bytes - sent == len(NEW)
    hub_server.add(REPO, FILE, tiny_gguf(70_000, seed=8))
    third = run()
    assert third.replaces == second.name
    cancel = threading.Event()
    again = fetch(hub, REPO, FILE, models, settings, revision=second_commit, cancel=cancel)
    assert [*again][-1].path == second.path
    assert len([model for model in models.list() if model.repo == REPO]) == 3


def test_an_update_that_is_cut_goes_on(fetch, look, models, hub, hub_server, settings) -> None:
    hub_server.add(REPO, FILE, OLD)
    fetch()
    hub_server.add(REPO, FILE, tiny_gguf(3_000_000, seed=4))
    [finding] = look()
    cancel = threading.Event()
    hub_server.fail(Cut(1_000_000))
    for event in fetch_update(hub, finding.model, models, settings, cancel=cancel):
        assert isinstance(event, DownloadProgress)
        if event.done_bytes:
            cancel.set()
    assert [model.name for model in models.list() if model.repo == REPO] == ["model.Q4_K_M"]
    sent = hub_server.content_bytes
    update(hub, finding.model, models, settings)
    assert hub_server.content_bytes - sent <= 3_100_000
    assert len([model for model in models.list() if model.repo == REPO]) == 2


def test_a_model_in_several_files_is_updated_as_one(
    fetch, look, models, hub, hub_server, settings
) -> None:
    names = [f"m-{number:05}-of-00002.gguf" for number in (1, 2)]
    for name in names:
        hub_server.add(REPO, name, tiny_gguf(1000, seed=1))
    write = tiny_gguf(2000, seed=5)
    fetch_event = list(download(hub, REPO, names[0], models.folder, cancel=threading.Event()))
    assert isinstance(fetch_event[-1], InstalledModel)
    assert [one.state for one in look()] == [UpdateState.CURRENT]
    commit = hub_server.add(REPO, names[1], write)
    [finding] = look()
    assert (finding.state, finding.size_bytes > 3000) == (UpdateState.NEWER, True)
    new = update(hub, finding.model, models, settings)
    beside = models.folder / f"m-{commit[:8]}-00002-of-00002.gguf"
    assert new.path == models.folder / f"m-{commit[:8]}-00001-of-00002.gguf"
    assert beside.read_bytes() == write
    assert (models.folder / names[1]).read_bytes() == tiny_gguf(1000, seed=1)


def test_what_was_withdrawn_is_marked_and_goes_on_working(fetch, look, models, hub_server) -> None:
    hub_server.add(REPO, FILE, OLD)
    hub_server.add("gone/model", "gone.gguf", NEW)
    hub_server.add("other/model", "other.gguf", NEW)
    fetch()
    fetch("gone/model", "gone.gguf")
    fetch("other/model", "other.gguf")
    hub_server._repos.pop("gone/model")
    commits = hub_server._repos["other/model"].commits
    commits["f" * 40] = {}
    assert {one.model.name: one.state for one in look()} == {
        "gone": UpdateState.WITHDRAWN,
        "model.Q4_K_M": UpdateState.CURRENT,
        "other": UpdateState.WITHDRAWN,
    }
    again = ModelFolder(models.folder, details=DetailsFile(models.details._path))
    assert again.find("gone").look.state is UpdateState.WITHDRAWN
    assert again.find("gone").path.read_bytes() == NEW


def test_what_was_relicensed_or_gated_since_is_marked(fetch, look, models, hub_server) -> None:
    hub_server.add(REPO, FILE, OLD, licence="apache-2.0")
    hub_server.add("gated/model", "gated.gguf", NEW)
    fetch()
    fetch("gated/model", "gated.gguf")
    hub_server.describe(REPO, licence="cc-by-nc-4.0")
    hub_server.describe("gated/model", gated="manual")
    found = {one.model.name: one for one in look()}
    assert found["gated"].state is UpdateState.GATED_NOW
    relicensed = found["model.Q4_K_M"]
    assert relicensed.state is UpdateState.RELICENSED
    assert (relicensed.licence_before, relicensed.licence_now) == ("apache-2.0", "cc-by-nc-4.0")
    assert relicensed.revision == ""
    hub_server.add(REPO, FILE, NEW, licence="cc-by-nc-4.0")
    again = {one.model.name: one for one in look()}["model.Q4_K_M"]
    assert (again.state, bool(again.revision)) == (UpdateState.RELICENSED, True)
    assert models.find("model.Q4_K_M").look.licence == "cc-by-nc-4.0"


def test_a_repository_that_was_renamed_is_not_called_withdrawn(fetch, look, hub_server) -> None:
    hub_server.add(REPO, FILE, OLD)
    fetch()
    hub_server.rename(REPO, "new-owner/model-GGUF")
    assert [one.state for one in look()] != [UpdateState.WITHDRAWN]


def test_no_answer_changes_nothing_that_was_seen(fetch, look, models, hub_server) -> None:
    hub_server.add(REPO, FILE, OLD)
    fetch()
    look()
    seen = models.find(FILE).look
    hub_server.fail_facts(Refuse(500))
    [finding] = look()
    assert finding.state is UpdateState.UNKNOWN
    assert isinstance(finding.error, DownloadError)
    assert models.find(FILE).look == seen


def test_offline_and_closed_are_told_once(fetch, models, hub_server, log, settings) -> None:
    hub_server.add(REPO, FILE, OLD)
    fetch()
    with HubServer() as gone:
        endpoint = gone.endpoint
    cancel = threading.Event()
    with pytest.raises(DownloadError) as offline:
        list(look_for_updates(Hub(endpoint, log), models.list(), models, cancel=cancel))
    assert offline.value.fault is DownloadFault.OFFLINE
    closed = Hub(hub_server.endpoint, ConnectionLog(None), is_closed=True)
    asked = len(hub_server.asked)
    with pytest.raises(NetworkClosed):
        list(look_for_updates(closed, models.list(), models, cancel=cancel))
    cancel.set()
    assert list(look_for_updates(closed, models.list(), models, cancel=cancel)) == []
    assert len(hub_server.asked) == asked


def test_a_commit_that_is_no_commit_makes_no_path(fetch, models, hub, hub_server, settings) -> None:
    hub_server.add(REPO, FILE, OLD)
    model = fetch()
    commits = hub_server._repos[REPO].commits
    hub_server.add(REPO, FILE, NEW)
    files = commits.pop(next(reversed(commits)))
    commits["../../escaped"] = files
    [finding] = look_for_updates(hub, [model], models, cancel=threading.Event())
    if finding.revision:
        with pytest.raises(DownloadError):
            update(hub, finding.model, models, settings)
    assert {path.parent for path in models.folder.parent.rglob("*.gguf")} == {models.folder}


def test_a_file_whose_record_was_lost_is_left_alone(fetch, look, models, hub_server) -> None:
    hub_server.add(REPO, FILE, OLD)
    model = fetch()
    record = recorded(model.path)
    assert record is not None
    (models.folder / f"{FILE}.json").unlink()
    assert look() == []
    write_record(model.path, record)
    assert [one.state for one in look()] == [UpdateState.CURRENT]
