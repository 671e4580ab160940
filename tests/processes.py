"""The processes that a test's own app started."""

import psutil
import pytest


def newest_child() -> psutil.Process:
    """Return the child started last: the engine, once a test has used it.

    Fixtures of other folders may keep a reader or an engine of their own for longer.
    """
    children = [
        child
        for child in psutil.Process().children(recursive=True)
        if "resource_tracker" not in " ".join(child.cmdline())
    ]
    if not children:
        pytest.fail("no process was started")
    return max(children, key=lambda child: child.create_time())
