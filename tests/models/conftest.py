"""A hub of our own, and what it is asked with."""

from pathlib import Path

import pytest

from assistant.models.hub.client import Hub
from assistant.models.hub.connections import ConnectionLog
from assistant.models.hub.errand import Patience, Timeouts
from tests.models.hub_server import HubServer

# Waiting is tested by what is waited for, not by the clock.
QUICK = Patience(tries=4, first_wait_s=0.01, longest_wait_s=0.05, longest_asked_wait_s=0.2)


@pytest.fixture
def log(tmp_path: Path) -> ConnectionLog:
    return ConnectionLog(tmp_path / "connections.jsonl")


@pytest.fixture
def hub(hub_server: HubServer, log: ConnectionLog) -> Hub:
    return Hub(hub_server.endpoint, log, timeouts=Timeouts(connect_s=2.0, stall_s=0.5))


@pytest.fixture
def patience() -> Patience:
    return QUICK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"
