"""What models are estimated to take against what the engine's process takes at its peak.

Every case is a process of its own, loaded as the app does it, whose context is filled to the end.
Rows in 8 bits are beside those in 16: half of the memory for keys and values, at another speed.

    .venv/bin/python benchmarks/memory.py [--model FILE]… [--contexts 512,2048,8192] [--smoke]
"""

import argparse
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, KvType, LoadSettings
from assistant.paths import resource

TEXT = "The tenant pays the rent on the first day of every month to the owner of the house. "
TARGET = 0.1  # of the peak, either way
GENERATED = 32
MEBIBYTE = 1024 * 1024
COMPACT = {"kv_type": KvType.Q8_0, "flash_attention": True}


@dataclass(frozen=True)
class Case:
    """One measurement; sizes in bytes, speeds in tokens a second."""

    name: str
    context: int
    kind: str
    estimate: int
    peak: int
    prompt_speed: float
    speed: float

    @property
    def ratio(self) -> float:
        """The estimate against the peak; 1 is exact."""
        return self.estimate / self.peak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", action="append", type=Path, help="another GGUF file")
    parser.add_argument("--contexts", default="512,2048,8192", help="in tokens, with commas")
    parser.add_argument("--smoke", action="store_true", help="one short case of each kind")
    options = parser.parse_args()
    contexts = [512] if options.smoke else [int(text) for text in options.contexts.split(",")]
    models = options.model or [next(resource("models").glob("*.gguf"))]
    print(f"{'model':<34} {'context':>7}  {'kept in':<9} {'estimate':>9} {'peak':>9} ", end="")
    print(f"{'ratio':>5} {'prompt':>9} {'reply':>9}")
    cases = []
    for case in _cases(models, contexts):
        cases.append(case)
        print(
            f"{case.name:<34} {case.context:>7}  {case.kind:<9} "
            f"{case.estimate / MEBIBYTE:>6.0f} MB {case.peak / MEBIBYTE:>6.0f} MB "
            f"{case.ratio:>5.2f} {case.prompt_speed:>5.0f} t/s "
            f"{case.speed:>5.1f} t/s",
            flush=True,
        )
    wrong = [case for case in cases if abs(case.ratio - 1) > TARGET]
    print(f"\n{len(cases) - len(wrong)} of {len(cases)} estimates within {TARGET:.0%} of the peak")
    return 1 if wrong else 0


def _cases(models: list[Path], contexts: list[int]) -> Iterator[Case]:
    for model in models:
        for context in contexts:
            yield _measure(model, LoadSettings(context_tokens=context), "16 bits")
            yield _measure(model, LoadSettings(context_tokens=context, **COMPACT), "8 bits")


def _measure(model: Path, settings: LoadSettings, kind: str) -> Case:
    """Fill the context to its end and look at the process before it goes."""
    never = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        engine = Engine(log=Path(folder) / "engine.log", nice=0)
        try:
            engine.choose(model, settings)
            length = engine.count_tokens([TEXT * 20])[0] / 20
            info = engine.info
            assert info
            count = int((info.context_tokens - GENERATED - 16) / length)
            *_, finished = engine.generate(
                prompt=TEXT * count, sampling=GREEDY, max_tokens=GENERATED, cancel=never
            )
            assert isinstance(finished, Finished)
            return Case(
                name=model.stem[:34],
                context=info.context_tokens,
                kind=kind,
                estimate=info.estimated_bytes,
                peak=_peak_bytes(),
                prompt_speed=finished.prompt_tokens / max(finished.prompt_s, 1e-9),
                speed=finished.generated_tokens / max(finished.generation_s, 1e-9),
            )
        finally:
            engine.close()


def _peak_bytes() -> int:
    """Return the most that the engine's process, our newest child, has taken (Linux)."""
    children = psutil.Process().children()
    engines = [c for c in children if "resource_tracker" not in " ".join(c.cmdline())]
    newest = max(engines, key=lambda child: child.create_time())
    status = Path(f"/proc/{newest.pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) * 1024


if __name__ == "__main__":
    sys.exit(main())
