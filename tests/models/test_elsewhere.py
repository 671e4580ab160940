"""The models of other apps: their real layouts on each system, and hostile folders."""

import json
import os
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import ModelError, ModelFault
from assistant.models.keeping.elsewhere import FoundElsewhere, find_elsewhere
from assistant.models.keeping.elsewhere.apps import ollama_folders
from assistant.models.keeping.elsewhere.surroundings import surroundings_of
from assistant.models.keeping.installed import ModelFolder
from assistant.models.keeping.linked import LinkedFile, LinkedFiles
from tests.models.tiny_gguf import tiny_gguf

Look = Callable[..., list[FoundElsewhere]]
MODEL = tiny_gguf(1000)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    path.mkdir()
    return path


@pytest.fixture
def look(home: Path) -> Look:
    def look(system: str = "Linux", **environment: object) -> list[FoundElsewhere]:
        found = find_elsewhere(
            home,
            cancel=threading.Event(),
            system=system,
            environment={name: str(value) for name, value in environment.items()},
        )
        return [one for one in found if one.path.is_relative_to(home.parent)]

    return look


def put(path: Path, content: bytes = MODEL) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def put_json(path: Path, value: object) -> Path:
    return put(path, json.dumps(value).encode())


def put_ollama(folder: Path, name: str, content: bytes = MODEL, **changes: object) -> Path:
    digest = sha256(content).hexdigest()
    blob = put(folder / "blobs" / f"sha256-{digest}", content)
    layers = [
        {"mediaType": "application/vnd.ollama.image.model", "digest": f"sha256:{digest}"},
        {"mediaType": "application/vnd.ollama.image.template", "digest": "sha256:" + "0" * 64},
    ]
    put_json(folder / "manifests" / name, {"schemaVersion": 2, "layers": layers} | changes)
    return blob


def names(found: list[FoundElsewhere]) -> list[tuple[str, str]]:
    return [(one.app, one.name) for one in found]


def test_nothing_is_found_where_no_app_is(look: Look, home: Path) -> None:
    assert look() == look("Darwin") == look("Windows") == []
    assert list(home.iterdir()) == []


def test_lm_studio_by_its_pointer_its_settings_and_its_usual_places(
    look: Look, home: Path, tmp_path: Path
) -> None:
    usual = put(home / ".lmstudio/models/pub/repo-GGUF/a.Q4_K_M.gguf")
    put(home / ".lmstudio/models/pub/repo-GGUF/mmproj-a.gguf")
    older = put(home / ".cache/lm-studio/models/pub/repo/b.gguf")
    moved = put(tmp_path / "disk/lm/models/pub/repo/c.gguf")
    (home / ".lmstudio-home-pointer").write_text(f"{tmp_path}/disk/lm\n")
    chosen = put(tmp_path / "big/pub/repo/d.gguf")
    put_json(tmp_path / "disk/lm/settings.json", {"downloadsFolder": f"{tmp_path}/big"})
    found = look()
    assert {one.path for one in found} == {usual, older, moved, chosen}
    assert names(found)[0] == ("LM Studio", "d")
    assert {one.size_bytes for one in found} == {len(MODEL)}
    elsewhere = put(tmp_path / "roaming/pub/e.gguf")
    put_json(
        home / "AppData/Roaming/LM Studio/settings.json",
        {"downloadsFolder": str(elsewhere.parent.parent)},
    )
    assert elsewhere in {one.path for one in look("Windows")}


def test_ollama_by_its_manifests(look: Look, home: Path, tmp_path: Path) -> None:
    folder = home / ".ollama/models"
    blob = put_ollama(folder, "registry.ollama.ai/library/llama3.2/3b")
    theirs = put_ollama(folder, "registry.ollama.ai/someone/theirs/latest", tiny_gguf(2000))
    hub = put_ollama(folder, "hf.co/owner/name-GGUF/Q4_K_M", tiny_gguf(3000))
    found = look()
    assert {one.name: one.path for one in found} == {
        "llama3.2:3b": blob,
        "someone/theirs:latest": theirs,
        "hf.co/owner/name-GGUF:Q4_K_M": hub,
    }
    named = put_ollama(tmp_path / "own", "registry.ollama.ai/library/own/1b", tiny_gguf(10))
    assert named in {one.path for one in look(OLLAMA_MODELS=tmp_path / "own")}
    around = surroundings_of(home, "Linux", {})
    assert Path("/usr/share/ollama/.ollama/models") in ollama_folders(around)
    assert len(ollama_folders(surroundings_of(home, "Darwin", {}))) == 1


def test_damaged_manifests_are_passed_over(look: Look, home: Path) -> None:
    folder = home / ".ollama/models"
    good = put_ollama(folder, "registry.ollama.ai/library/good/1b")
    secret = put(home / "secret.gguf")
    weights = "application/vnd.ollama.image.model"
    damaged: dict[str, object] = {
        "cut": b'{"layers": [{"mediaType',
        "deep": b"[" * 100_000,
        "huge": b"[" + b"1," * 200_000 + b"1]",
        "number": b"7",
        "binary": os.urandom(500),
        "types": {"layers": [{"mediaType": 5, "digest": []}]},
        "none": {"layers": []},
        "climbs": {"layers": [{"mediaType": weights, "digest": "sha256:../../../secret.gguf"}]},
        "absolute": {"layers": [{"mediaType": weights, "digest": f"sha256:{secret}"}]},
        "gone": {"layers": [{"mediaType": weights, "digest": "sha256:" + "a" * 64}]},
        "two": {"layers": [{"mediaType": weights, "digest": f"sha256:{c * 64}"} for c in "ab"]},
    }
    for name, content in damaged.items():
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        put(folder / "manifests/registry.ollama.ai/library" / name / "latest", raw)
    put_ollama(folder, "registry.ollama.ai/library/not-gguf/1b", b"safetensors")
    assert [one.path for one in look()] == [good]


def test_gpt4all_on_each_system(look: Look, home: Path, tmp_path: Path) -> None:
    places = {
        "Linux": home / ".local/share/nomic.ai/GPT4All",
        "Darwin": home / "Library/Application Support/nomic.ai/GPT4All",
        "Windows": home / "AppData/Local/nomic.ai/GPT4All",
    }
    for system, place in places.items():
        path = put(place / f"{system}.gguf")
        put(place / "incomplete-other.gguf", b"")
        assert [one.path for one in look(system)] == [path]
        path.unlink()
    package = put(home / ".cache/gpt4all/python.gguf")
    chosen = put(tmp_path / "chosen/mine.gguf")
    settings = f"[General]\nchatTheme=Dark\nmodelPath={tmp_path}/chosen/\nthreadCount=4\n"
    put(home / ".config/nomic.ai/GPT4All.ini", settings.encode())
    assert {one.path for one in look()} == {package, chosen}
    assert {one.app for one in look()} == {"GPT4All"}


def test_jan_calls_models_by_their_folders(look: Look, home: Path, tmp_path: Path) -> None:
    data = home / ".local/share/Jan/data"
    downloaded = put(data / "llamacpp/models/unsloth/Qwen3-4B-GGUF/model.gguf")
    put(downloaded.with_name("model.yml"), b"model_path: llamacpp/models/unsloth/no/such.gguf\n")
    imported = put(tmp_path / "downloads/mine.gguf")
    put(data / "llamacpp/models/mine/model.yml", f"model_path: {imported}\nname: mine\n".encode())
    older = put(data / "models/old/old-q4.gguf")
    found = {one.name: one.path for one in look()}
    assert found == {"unsloth/Qwen3-4B-GGUF": downloaded, "mine": imported, "old": older}
    moved = put(tmp_path / "jan-data/llamacpp/models/moved/model.gguf")
    put_json(home / ".config/Jan/settings.json", {"data_folder": f"{tmp_path}/jan-data"})
    assert moved in {one.path for one in look()}
    named = put(tmp_path / "named/llamacpp/models/named/model.gguf")
    assert named in {one.path for one in look(JAN_DATA_FOLDER=tmp_path / "named")}
    on_mac = put(home / "Library/Application Support/Jan/data/llamacpp/models/m/model.gguf")
    assert on_mac in {one.path for one in look("Darwin")}


def test_llama_cpp_and_the_hubs_cache_by_their_variables(
    look: Look, home: Path, tmp_path: Path
) -> None:
    cached = put(home / ".cache/llama.cpp/owner_repo_file.gguf")
    put(home / ".cache/llama.cpp/owner_repo_file.gguf.json", b"{}")
    put(home / ".cache/llama.cpp/other.gguf.downloadInProgress")
    assert names(look()) == [("llama.cpp", "owner_repo_file")]
    assert names(look("Darwin")) == []
    on_mac = put(home / "Library/Caches/llama.cpp/mac.gguf")
    assert [one.path for one in look("Darwin")] == [on_mac]
    named = put(tmp_path / "named/n.gguf")
    assert [one.path for one in look(LLAMA_CACHE=tmp_path / "named")] == [named]
    by_xdg = put(tmp_path / "xdg/llama.cpp/x.gguf")
    assert [one.path for one in look(XDG_CACHE_HOME=tmp_path / "xdg")] == [by_xdg]
    cached.unlink()
    variables = {"HF_HUB_CACHE": "", "HF_HOME": "hub", "XDG_CACHE_HOME": "huggingface/hub"}
    for number, (variable, below) in enumerate(variables.items()):
        root = tmp_path / f"hub{number}"
        commit = "a" * 40
        path = put(root / below / f"models--o--n/snapshots/{commit}/m.gguf", tiny_gguf(number + 5))
        found = look(**{variable: root})
        assert [(one.app, one.path) for one in found] == [("Hugging Face Hub", path)]


def test_the_hubs_cache_names_the_newest_snapshot_of_each_blob(look: Look, home: Path) -> None:
    repository = home / ".cache/huggingface/hub/models--owner--name"
    blob = put(repository / "blobs" / sha256(MODEL).hexdigest())
    old, new = "b" * 40, "c" * 40
    for commit in (old, new):
        link = repository / "snapshots" / commit / "sub" / "m-Q4.gguf"
        link.parent.mkdir(parents=True)
        link.symlink_to(Path("../../../blobs") / blob.name)
    put(repository / "refs/main", new.encode())
    put(repository / "snapshots/not-a-commit/x.gguf", tiny_gguf(7))
    [found] = look()
    assert found.path == repository / "snapshots" / new / "sub" / "m-Q4.gguf"
    assert (found.name, found.size_bytes) == ("m-Q4", len(MODEL))


def test_a_file_that_several_apps_share_is_found_once(look: Look, home: Path) -> None:
    first = put(home / ".lmstudio/models/p/r/shared.gguf")
    shared = home / ".cache/llama.cpp/shared.gguf"
    shared.parent.mkdir(parents=True)
    shared.symlink_to(first)
    assert [one.path for one in look()] == [first]


def test_a_model_in_parts_is_one_with_all_their_bytes(look: Look, home: Path) -> None:
    folder = home / ".lmstudio/models/p/r"
    for number in (1, 2, 3):
        put(folder / f"m-{number:05}-of-00003.gguf")
    [found] = look()
    assert (found.name, found.size_bytes) == ("m", 3 * len(MODEL))
    (folder / "m-00002-of-00003.gguf").unlink()
    assert look() == []


def test_links_in_circles_pipes_and_a_crowd_of_files_end(look: Look, home: Path) -> None:
    models = home / ".lmstudio/models"
    good = put(models / "p/r/good.gguf")
    (models / "p/r/up").symlink_to(models)
    (models / "self").symlink_to(models / "self")
    (models / "root").symlink_to("/")
    os.mkfifo(models / "pipe.gguf")
    (models / "device.gguf").symlink_to("/dev/zero")
    (models / "gone.gguf").symlink_to(models / "nowhere")
    (models / "folder.gguf").mkdir()
    for number in range(3_000):
        (models / f"{number}.txt").touch()
    deep = models
    for _ in range(40):
        deep /= "d"
    put(deep / "too-deep.gguf")
    assert [one.path for one in look()] == [good]
    linked = home.parent / "disk"
    put(linked / "m.gguf", tiny_gguf(5))
    (models / "p/linked").symlink_to(linked)
    assert {one.path.name for one in look()} == {"good.gguf", "m.gguf"}
    cancelled = threading.Event()
    cancelled.set()
    assert list(find_elsewhere(home, cancel=cancelled, system="Linux", environment={})) == []


def test_names_are_plain_and_relative_variables_count_as_none(look: Look, home: Path) -> None:
    put(home / ".lmstudio/models/p/r/evil\u202egpj\x07.gguf")
    assert names(look()) == [("LM Studio", "evilgpj")]
    assert look(OLLAMA_MODELS="../..", LLAMA_CACHE=".", HF_HOME="relative") == look()


def test_what_may_not_be_read_is_passed_over(home: Path) -> None:
    """As another user than root, who may read everything."""
    hidden = put(home / ".ollama/models/blobs/x").parent.parent
    good = put(home / ".lmstudio/models/p/good.gguf")
    locked = put(home / ".lmstudio/models/p/locked.gguf")
    locked.chmod(0)
    hidden.chmod(0)
    for folder in (home, *home.parents):
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(0o755)

    def sees_only_the_good() -> bool:
        found = find_elsewhere(home, cancel=threading.Event(), system="Linux", environment={})
        return [one.path for one in found] == [good]

    if os.getuid():
        assert sees_only_the_good()
    elif child := os.fork():
        assert os.waitpid(child, 0)[1] == 0
    else:  # the child must never come back into the test
        try:
            os.setuid(65534)
            os._exit(0 if sees_only_the_good() else 1)
        finally:
            os._exit(2)
    hidden.chmod(0o755)


def test_a_found_model_is_used_in_place_and_never_deleted(tmp_path: Path, home: Path) -> None:
    blob = put_ollama(home / ".ollama/models", "registry.ollama.ai/library/llama3.2/3b")
    [found] = find_elsewhere(home, cancel=threading.Event(), system="Linux", environment={})
    linked = LinkedFiles(tmp_path / "data/linked.json")
    models = ModelFolder(tmp_path / "models", linked=linked)
    model = models.link(LinkedFile(path=found.path, name=found.name, app=found.app))
    assert (model.name, model.origin, model.is_ours) == ("llama3.2:3b", "Ollama", False)
    assert model in models.list()
    assert models.find("llama3.2:3b").path == blob
    assert not (tmp_path / "models").exists()
    again = ModelFolder(tmp_path / "models", linked=LinkedFiles(tmp_path / "data/linked.json"))
    assert again.find("LLAMA3.2:3B") == model
    assert models.freed_bytes(model) == models.remove(model) == 0
    assert blob.read_bytes() == MODEL
    assert "llama3.2:3b" not in {one.name for one in again.list()}


def test_a_file_that_its_app_deleted_is_no_longer_listed(tmp_path: Path) -> None:
    path = put(tmp_path / "theirs/m.gguf")
    models = ModelFolder(tmp_path / "models")
    models.link(LinkedFile(path=path, name="theirs", app="Jan"))
    assert "theirs" in {one.name for one in models.list()}
    path.unlink()
    assert "theirs" not in {one.name for one in models.list()}
    assert models.broken() == []
    with pytest.raises(ModelError) as refused:
        models.link(LinkedFile(path=path, name="theirs", app="Jan"))
    assert refused.value.fault is ModelFault.MISSING
