"""Requests of all kinds at once, some stopped, held, left or killed: none is wrong or lost."""

from pathlib import Path

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import LoadSettings
from tests.engine.chaos import Chaos, engine_process
from tests.engine.tiny_models import tiny_llama

CONTEXT = 2048


def test_no_reply_is_wrong_mixed_up_or_lost(tmp_path: Path) -> None:
    """A quick look; `benchmarks/engine --only chaos` makes a thousand requests."""
    model = tiny_llama(tmp_path / "tiny.gguf", llama__context_length=CONTEXT)
    engine = Engine(log=tmp_path / "engine.log", nice=0, states=tmp_path / "states")
    engine.choose(model, LoadSettings(context_tokens=CONTEXT))
    try:
        chaos = Chaos(engine, seed=5, is_exact=True, words=30, pace_s=0.03)
        chaos.learn(6)
        files = psutil.Process().num_fds()
        findings = chaos.run(60, threads=4, kill_every=25)
        assert findings.faults == []
        assert findings.endings.total() == 60
        assert findings.kills == 2
        assert findings.endings["right"] >= 25
        assert {"counted", "left", "refused"} < set(findings.endings)
        assert psutil.Process().num_fds() <= files + 1
        assert engine_process().memory_info().rss < 400_000_000
    finally:
        engine.close()
