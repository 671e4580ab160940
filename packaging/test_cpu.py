"""The frozen app runs on every processor: each part of llama.cpp, and emulated old processors.

Run by `make package-test`. The emulation is Debian's qemu-user. A process that the emulated one
starts runs natively, so what is to be tried has to run in the emulated process itself: the program
is told that it has restarted itself already (PyInstaller's do so to find their libraries), and the
engine is tried as the one child of a process of the checkout, which starts it under the emulation.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import frozen_app
from not_tried import not_tried

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "dist" / "alcove"
PROGRAM = APP / "alcove"
LIB = APP / "lib"
LLAMA = LIB / "llama_cpp" / "lib"
EMULATOR = "qemu-x86_64"

pytestmark = [
    pytest.mark.frozen,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() != "x86_64", reason="for Linux on x86-64"
    ),
]


def run(home: Path, *arguments: object, **variables: str) -> "subprocess.CompletedProcess[str]":
    return frozen_app.run(PROGRAM, home, *arguments, **variables)


def variants() -> list[str]:
    return sorted(path.stem.removeprefix("libggml-cpu-") for path in LLAMA.glob("libggml-cpu-*.so"))


def test_brings_each_library_once_and_none_of_one_processor() -> None:
    there = {path.name for path in LLAMA.iterdir() if path.is_file()}
    assert {"libllama.so", "libggml.so", "libggml-base.so"} <= there
    assert len(there) == 3 + len(variants())
    assert {"x64", "sse42", "haswell", "skylakex", "zen4"} <= set(variants())
    elsewhere = [path for path in APP.rglob("lib*ggml*") if path.parent != LLAMA]
    assert [path for path in elsewhere if path.parent != LLAMA / "gpu"] == []
    assert [path for path in APP.rglob("*") if path.is_symlink()] == []


@pytest.mark.parametrize("name", variants())
def test_replies_with_each_part_that_runs_here_and_refuses_the_others_in_words(
    tmp_path, name
) -> None:
    done = run(
        tmp_path, "chat", "-p", "What is the capital of France? One word.", ALCOVE_PROCESSOR=name
    )
    assert done.returncode in {0, 1}, done.stderr
    if done.returncode:
        assert name != "x64"
        assert f"could be loaded for this processor ({name} of" in done.stderr
        assert "Traceback" not in done.stderr
    else:
        assert done.stdout.strip()


def test_doctor_tells_the_part_and_takes_the_best(tmp_path) -> None:
    forced = run(tmp_path, "doctor", ALCOVE_PROCESSOR="x64")
    assert "the part for x64 processors" in forced.stdout, forced.stdout + forced.stderr
    best = run(tmp_path, "doctor")
    (line,) = (line for line in best.stdout.splitlines() if "the part for" in line)
    flags = set(Path("/proc/cpuinfo").read_text().split())
    if "avx2" in flags:
        assert line.split("the part for ")[1].split()[0] not in {"x64", "sse42", "sandybridge"}


def test_loads_nothing_that_lies_in_the_working_directory(tmp_path) -> None:
    bait = tmp_path / "libggml-cpu-evil.so"
    shutil.copy(LLAMA / "libggml-cpu-x64.so", bait)
    process = subprocess.run(
        [PROGRAM, "chat", "-p", "Hello"],
        env={"ALCOVE_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert "evil" not in (tmp_path / "home" / "logs" / "engine.log").read_text()


@pytest.fixture(scope="module")
def emulator() -> str:
    if not shutil.which(EMULATOR):
        not_tried(f"{EMULATOR} is missing: apt-get install qemu-user")
    return EMULATOR


# The program as it is after its restart: it starts nothing anew, which would escape the emulation.
RESTARTED = {
    "_PYI_ARCHIVE_FILE": str(PROGRAM),
    "_PYI_APPLICATION_HOME_DIR": str(LIB),
    "_PYI_PARENT_PROCESS_LEVEL": "1",
    "LD_LIBRARY_PATH": str(LIB),
}
# Runs in a process of the checkout: the engine's child is the frozen program, emulated.
DRIVER = """
import json, multiprocessing, sys, threading
from pathlib import Path
from assistant.engine.client import Engine
from assistant.engine.patience import Patience
from assistant.engine.protocol import GREEDY, LoadSettings, ModelInfo, TextPart
program, wrapper, lib, model, log = sys.argv[1:]
sys.frozen, sys.executable = True, program  # a child is started as the frozen app starts it
multiprocessing.set_executable(wrapper)
sys.path[:] = [f"{lib}/base_library.zip", f"{lib}/python3.11/lib-dynload", lib]  # and reads its own
patience = Patience(start_s=240, silence_s=120, step_s=300)
engine = Engine(log=Path(log), patience=patience)
engine.choose(Path(model), LoadSettings(context_tokens=256, threads=2))
told = {"text": "", "variant": ""}
for event in engine.generate(
    prompt="One, two, three,", sampling=GREEDY, max_tokens=3, cancel=threading.Event()
):
    if isinstance(event, ModelInfo):
        told["variant"] = event.variant
    elif isinstance(event, TextPart):
        told["text"] += event.text
print(json.dumps(told))
engine.close()
"""


@pytest.mark.parametrize(("cpu", "variant"), [("Nehalem", "sse42"), ("SandyBridge", "sandybridge")])
def test_engine_replies_on_an_emulated_processor(tmp_path, emulator, cpu, variant) -> None:
    if cpu not in _known_cpus(emulator):
        not_tried(f"{emulator} does not know {cpu}")
    wrapper = tmp_path / "emulated"
    settings = "".join(f"export {name}='{value}'\n" for name, value in RESTARTED.items())
    # Where it is set it names the machine's own processor, not the emulated one.
    settings += "unset OPENBLAS_CORETYPE\n"
    wrapper.write_text(f"#!/bin/sh\n{settings}exec {emulator} -cpu {cpu} '{PROGRAM}' \"$@\"\n")
    wrapper.chmod(0o755)
    (model,) = LIB.rglob("*.gguf")
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, PROGRAM, wrapper, LIB, model, tmp_path / "log"],
        cwd=ROOT,
        env={**os.environ, "ALCOVE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Illegal instruction" not in done.stderr + (tmp_path / "log").read_text()
    told = json.loads(done.stdout)
    assert told["variant"] == variant
    assert told["text"].strip().startswith("four")


@pytest.mark.parametrize("arguments", [["--version"], ["models"]])
def test_commands_run_on_an_emulated_processor_without_avx(tmp_path, emulator, arguments) -> None:
    done = subprocess.run(
        [emulator, "-cpu", "Nehalem", PROGRAM, *arguments],
        env={**RESTARTED, "ALCOVE_HOME": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_window_shows_key_points_on_an_emulated_processor_without_avx(tmp_path, emulator) -> None:
    """Qt, PySide6 and numpy are built for more than the oldest x86-64: no AVX is needed."""
    (sample,) = LIB.rglob("samples/sample.pdf")
    log = tmp_path / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [emulator, "-cpu", "Nehalem", PROGRAM, sample],
            env={
                **RESTARTED,
                "ALCOVE_HOME": str(tmp_path),
                "HOME": str(tmp_path),
                "PATH": "/usr/bin:/bin",
                "QT_QPA_PLATFORM": "offscreen",
            },
            stdout=said,
            stderr=said,
        )
    try:
        ends = time.monotonic() + 300
        while not frozen_app.summaries(tmp_path / "data" / "alcove.db"):
            assert process.poll() is None, f"the window ended\n{log.read_text()}"
            assert time.monotonic() < ends, f"no key points\n{log.read_text()}"
            time.sleep(0.5)
    finally:
        process.kill()
        process.wait(timeout=30)


def _known_cpus(emulator: str) -> str:
    # Some releases of QEMU end with 1 after the list.
    done = subprocess.run([emulator, "-cpu", "help"], capture_output=True, text=True, check=False)
    assert "SandyBridge" in done.stdout, done.stderr
    return done.stdout
