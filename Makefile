# Every target does its own set-up; a second run has nothing to set up and starts in seconds.
SHELL := /bin/sh
BIN := .venv/bin
SETUP := packaging/setup.sh
STARTER := resources/models/SmolLM2-135M-Instruct.Q4_1.gguf
# Files of tests beside each other; 0 for one after another. Tests also wait (for a window, a child,
# a server), so three keep two cores busy.
# What fails beside others, on a machine that is busy with them, is tried once more, and counted.
TEST_PROCESSES ?= 3

.PHONY: run test lint bench package package-test screenshots starter-model clean setup setup-test

run: setup starter-model
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname -s)" = Darwin ]; then \
		exec $(BIN)/alcove; \
	else \
		echo "No display: summarising the sample document in the terminal." >&2; \
		exec $(BIN)/alcove summarize resources/samples/sample.pdf; \
	fi

test: setup-test starter-model lint
	@$(BIN)/python -m compileall -q assistant tests
	@$(BIN)/python -m pytest -n "$(TEST_PROCESSES)" --dist loadfile \
		$(if $(filter-out 0,$(TEST_PROCESSES)),--reruns 1 --reruns-delay 2 -rR)

lint: setup-test
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

# All of docs/figures.md, some hours. One that fails does not keep the others back.
bench: setup-test starter-model
	@$(SETUP) venv bench
	@failed=; for what in benchmarks/engine benchmarks/memory.py benchmarks/quantizations.py \
		"benchmarks/chat.py --turns 30" "benchmarks/retrieval.py --model $(STARTER)" \
		benchmarks/embeddings.py "-m benchmarks.headers" "-m benchmarks.forecast" \
		benchmarks/window.py benchmarks/command.py benchmarks/reading.py "-m benchmarks.bombs" \
		"-m benchmarks.mutations" benchmarks/comparing.py benchmarks/thorough.py \
		benchmarks/written.py benchmarks/wishes.py benchmarks/summaries.py \
		"benchmarks/summaries.py --fit" benchmarks/evidence.py benchmarks/claims.py \
		benchmarks/asking.py benchmarks/download.py benchmarks/search.py \
		benchmarks/conversations.py benchmarks/conversation_list.py; do \
		echo "== python $$what"; $(BIN)/python $$what || failed="$$failed$$what; "; \
	done; \
	if [ -x dist/alcove/alcove ]; then \
		echo "== python benchmarks/frozen.py"; $(BIN)/python benchmarks/frozen.py || failed="$$failed frozen"; \
	else \
		echo "The packaged app is not there: make package, then python benchmarks/frozen.py"; \
	fi; \
	[ -z "$$failed" ] || { echo "failed: $$failed" >&2; exit 1; }

# NO_MODEL=1 leaves the starter model out.
package:
	@$(SETUP) system package
	@$(SETUP) packaging
	@build/venv/bin/python packaging/starter_model.py
	@build/venv/bin/python packaging/pack.py $(if $(NO_MODEL),--no-model) $(if $(VULKAN),--vulkan)

package-test: package setup-test
	@$(SETUP) system package-test
	@$(SETUP) venv package
	@$(BIN)/python -m pytest packaging -m frozen

screenshots: setup-test starter-model
	@$(BIN)/python tests/ui/screenshots.py docs/pictures

setup:
	@$(SETUP) system
	@$(SETUP) venv

setup-test:
	@$(SETUP) system test
	@$(SETUP) venv test

starter-model: setup
	@$(BIN)/python packaging/starter_model.py

# The starter model and the virtual environment are slow to make again: `make clean` leaves them.
clean:
	rm -rf build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis .cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
