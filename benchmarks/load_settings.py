"""Measures what load settings cost in speed, as ratios to 16 bits without flash attention.

    python benchmarks/load_settings.py [--model PATH …] [--tokens N …] [--rounds 3]
                                       [--threads N] [--json]

The figures stand in assistant/models/keeping/options.py. Each round asks each engine once, one
after the other, so that other programs disturb all of them alike. Run it on an idle computer.
"""

import argparse
import json
import statistics
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import msgspec

from assistant.engine.client import Engine
from assistant.engine.protocol import GREEDY, Finished, KvType, LoadSettings
from assistant.paths import resource

STARTER = resource("models/SmolLM2-135M-Instruct.Q4_1.gguf")
WAYS = {
    "16 bits": LoadSettings(context_tokens=4096, speculates=False),
    "flash attention": LoadSettings(context_tokens=4096, flash_attention=True, speculates=False),
    "8 bits": LoadSettings(
        context_tokens=4096, flash_attention=True, kv_type=KvType.Q8_0, speculates=False
    ),
}
PROMPTS = (512, 2048)  # tokens, about
WRITTEN = 48


def ask(engine: Engine, words: int, number: int) -> Finished:
    """Evaluate a prompt that nobody has seen, and write after it."""
    prompt = " ".join(f"{number} {word} river" for word in range(words))
    events = engine.generate(
        prompt=prompt, sampling=GREEDY, max_tokens=WRITTEN, cancel=threading.Event()
    )
    last = list(events)[-1]
    assert isinstance(last, Finished)
    return last


def measure(
    model: Path, prompts: list[int], rounds: int, threads: int, folder: Path
) -> list[dict[str, object]]:
    """Return each way's speeds at each length to those of the first way; medians of rounds."""
    rows = []
    with ExitStack() as stack:
        engines = {}
        for way, settings in WAYS.items():
            engine = Engine(log=folder / "engine.log", nice=0)
            stack.callback(engine.close)
            engine.choose(model, msgspec.structs.replace(settings, threads=threads))
            engine.count_tokens([""])
            engines[way] = engine
        for tokens in prompts:
            words = tokens // 5
            speeds: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
            for number in range(rounds + 1):
                for way, engine in engines.items():
                    one = ask(engine, words, number)
                    fresh = one.prompt_tokens - one.reused_tokens
                    pair = (fresh / one.prompt_s, one.generated_tokens / one.generation_s)
                    if number:  # the first finds the number of threads
                        speeds[way].append(pair)
            first = speeds["16 bits"]
            for way, pairs in speeds.items():
                ratios = [
                    statistics.median(a[i] / b[i] for a, b in zip(pairs, first, strict=True))
                    for i in (0, 1)
                ]
                rows.append(
                    {
                        "model": model.stem,
                        "tokens": one.prompt_tokens,
                        "way": way,
                        "prompt": round(ratios[0], 2),
                        "generation": round(ratios[1], 2),
                    }
                )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", type=Path, action="append")
    parser.add_argument("--tokens", type=int, action="append", help="of the prompts, about")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0, help="0: as the engine chooses")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="load-settings-") as folder:
        for model in options.model or [STARTER]:
            prompts = options.tokens or list(PROMPTS)
            rows += measure(model, prompts, options.rounds, options.threads, Path(folder))
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            print("  ".join(str(value) for value in row.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
