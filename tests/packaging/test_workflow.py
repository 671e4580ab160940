"""The workflow that makes a release, as far as it can be read: it runs on machines of GitHub's."""

import fnmatch
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "release.yml"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")

Step = dict[str, Any]


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    return yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]


def artifacts(job: dict[str, Any]) -> set[str]:
    """Return the names under which a job uploads, one for each of its matrix."""
    matrix = job.get("strategy", {}).get("matrix", {"": [""]})
    ((axis, values),) = matrix.items()
    return {
        step["with"]["name"].replace("${{ matrix." + axis + " }}", value)
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/upload-artifact@")
        for value in values
    }


def scripts(jobs: dict[str, Any]) -> list[tuple[dict[str, Any], Step]]:
    return [(job, step) for job in jobs.values() for step in job["steps"] if "run" in step]


def test_every_job_is_waited_for_and_its_downloads_are_taken(jobs) -> None:
    attach = jobs["attach"]
    assert set(attach["needs"]) == set(jobs) - {"attach"}
    (taken,) = (
        step["with"]
        for step in attach["steps"]
        if step.get("uses", "").startswith("actions/download-artifact@")
    )
    assert taken["merge-multiple"] is True
    assert taken["path"] == "dist"
    for name in attach["needs"]:
        fitting = fnmatch.filter(artifacts(jobs[name]), taken["pattern"])
        machines = jobs[name].get("strategy", {}).get("matrix", {}).get("os", [name])
        assert len(fitting) == len(machines), name
    every = [one for name in attach["needs"] for one in artifacts(jobs[name])]
    assert len(set(every)) == len(every)


def test_a_download_is_made_of_every_kind_and_none_may_be_missing(jobs) -> None:
    run = "\n".join(step["run"] for _, step in scripts(jobs))
    assert "make package NO_MODEL=1" in run
    assert "make package-test VULKAN=1" in run
    assert "packaging/sums.py --release" in run
    assert not [
        step for job in jobs.values() for step in job["steps"] if "continue-on-error" in step
    ]


def test_every_file_and_target_that_is_named_is_there(jobs) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set()
    for _, step in scripts(jobs):
        files = re.findall(r"(?<![\w./-])(?:packaging|assistant|tests)/[\w./-]+", step["run"])
        named |= set(files)
        for file in files:
            assert (ROOT / file).exists(), (step["name"], file)
        assert set(re.findall(r"(?m)^\s*make ([a-z-]+)", step["run"])) <= targets
    assert {"packaging/pack.py", "packaging/windows/build_installer.py"} <= named


def test_what_is_read_of_a_run_is_what_a_run_has(jobs) -> None:
    """A misspelt expression is an empty word, and a skipped step: nobody would notice."""
    text = WORKFLOW.read_text("utf-8")
    told = set(re.findall(r"^#\s+([A-Z_]+(?:.*[A-Z_]+)?)", text, re.MULTILINE))
    explained = set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", " ".join(told)))
    used = set(re.findall(r"secrets\.(\w+)", text))
    assert used == explained
    for expression in _EXPRESSION.findall(text):
        assert re.fullmatch(r"(secrets|matrix|github)\.\w+", expression), expression


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_every_script_is_one_that_bash_can_read(jobs) -> None:
    for job, step in scripts(jobs):
        shell = step.get("shell") or job.get("defaults", {}).get("run", {}).get("shell", "bash")
        if shell == "bash":
            script = _EXPRESSION.sub("word", step["run"])
            done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
            assert done.returncode == 0, (step["name"], done.stderr)
