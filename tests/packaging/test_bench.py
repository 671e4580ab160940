"""That `make bench` measures all that docs/figures.md tells."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BENCHMARK = re.compile(r"benchmarks[/.](\w+)")


def test_make_bench_runs_what_the_figures_name() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nbench:")[2].partition("\n\n")[0]
    named = set(_BENCHMARK.findall((ROOT / "docs" / "figures.md").read_text()))
    assert len(named) > 20
    assert named <= set(_BENCHMARK.findall(recipe))
