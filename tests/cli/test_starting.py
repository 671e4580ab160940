"""The time of a command counts from its start."""

import subprocess
import sys
import time

ASK = """
import time
from assistant.cli.starting import command_started_s
print(time.time() + command_started_s() - time.perf_counter())
"""


def test_the_start_is_when_the_parent_started_it() -> None:
    before = time.time()
    process = subprocess.Popen([sys.executable, "-c", ASK], stdout=subprocess.PIPE, text=True)
    after = time.time()
    printed, _ = process.communicate(timeout=60)
    assert before - 0.1 < float(printed) < after + 0.1
