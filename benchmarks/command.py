"""The main job from the terminal: key points of 50 and 1,000 pages, Quick of 10 and 1,000.

    python benchmarks/command.py [--rounds 3]

Each figure is one run of `alcove summarize`, from the start of its process; the best of the rounds
counts, since other processes only ever add. Quick is compared with itself: what it costs must not
grow with the document.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from reading import CACHE, SAMPLE, long_pdf, report

ROOT = Path(__file__).resolve().parent.parent
FRONT_MATTER = 40  # titles and tables of contents, which have no sentences


def some_pages(path: Path, count: int) -> Path:
    """Return a PDF of `count` pages of running text from `path`."""
    target = CACHE / f"pages-{count}.pdf"
    if not target.exists():
        with pypdfium2.PdfDocument(path) as source:
            document = pypdfium2.PdfDocument.new()
            document.import_pages(source, list(range(FRONT_MATTER, FRONT_MATTER + count)))
            document.save(target)
            document.close()
    return target


def summarize(path: Path, *options: str) -> dict[str, Any]:
    """Return the JSON of one run of the command."""
    command = [sys.executable, "-m", "assistant", "summarize", str(path), "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, cwd=ROOT, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def key_points(path: Path, name: str, limit_s: float, rounds: int) -> None:
    times = [summarize(path, "--mode", "key-points")["timings"] for _ in range(rounds)]
    best = min(time["first_output_s"] for time in times)
    report(f"key points: {name}", f"{best:.2f} s", f"<= {limit_s:.0f} s", is_met=best <= limit_s)


def quick(path: Path, name: str, rounds: int) -> int:
    results = [summarize(path, "--mode", "quick") for _ in range(rounds)]
    best = min((result["timings"] for result in results), key=lambda time: time["total_s"])
    seconds, tokens = best["total_s"], best["prompt_tokens"]
    report(f"Quick: {name}", f"{seconds:.1f} s", "<= 45 s", is_met=seconds <= 45)
    report(f"Quick: {name}, prompt", f"{tokens} tokens", "<= 2,000", is_met=tokens <= 2000)
    given = results[0]["coverage"]
    print(
        f"  {best['generated_tokens']} tokens generated; the model was given sentences of "
        f"{given['pages_given_to_model']} of {given['pages_total']} pages"
    )
    return int(tokens)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    key_points(SAMPLE, "the sample, 19 pages", 2, rounds)
    quick(SAMPLE, "the sample, 19 pages", 1)
    many = long_pdf()
    if many is None:
        print("no Debian packages to be had: the sample alone")
        return
    key_points(some_pages(many, 50), "50 pages", 2, rounds)
    key_points(many, "1,000 pages", 10, rounds)
    few = quick(some_pages(many, 10), "10 pages", 1)
    all_of_it = quick(many, "1,000 pages", 1)
    ratio = all_of_it / few
    report(
        "Quick: 1,000 against 10 pages", f"{ratio:.2f}", "0.90 to 1.10", is_met=0.9 <= ratio <= 1.1
    )


if __name__ == "__main__":
    main()
