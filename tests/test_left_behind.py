"""Whether what a process made may be removed by another."""

import os
import subprocess
import sys
import time

import pytest

from assistant.left_behind import is_stale


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "made"
    made.touch()
    return made


def test_of_a_running_process_is_kept(file) -> None:
    assert not is_stale(file, str(os.getpid()))


def test_of_an_ended_process_is_stale(file) -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert is_stale(file, str(process.pid))


def test_of_a_process_whose_number_went_to_another_is_stale(file) -> None:
    before = time.time() - 7 * 86_400
    os.utime(file, (before, before))
    assert is_stale(file, str(os.getpid()))


@pytest.mark.parametrize("number", ["", "-1", "word", "²"])
def test_what_has_no_number_is_kept(file, number) -> None:
    assert not is_stale(file, number)


def test_a_number_that_no_process_can_have_is_stale(file) -> None:
    assert is_stale(file, "9" * 30)


def test_what_is_gone_already_is_left_alone(tmp_path) -> None:
    assert not is_stale(tmp_path / "gone", "1")
