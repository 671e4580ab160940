# Every target does its own set-up; a second run has nothing to set up and starts in seconds.
SHELL := /bin/sh
BIN := .venv/bin
SETUP := packaging/setup.sh
# Files of tests beside each other; 0 for one after another. Two need half of the time on two cores.
TEST_PROCESSES ?= 0

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
	@$(BIN)/python -m pytest -n "$(TEST_PROCESSES)" --dist loadfile

lint: setup-test
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: setup-test starter-model
	@$(SETUP) venv bench
	@for name in reading.py command.py engine memory.py quantizations.py embeddings.py summaries.py evidence.py claims.py \
		window.py download.py search.py chat.py conversations.py conversation_list.py; do \
		echo "== $$name"; $(BIN)/python benchmarks/$$name || exit 1; \
	done

# NO_MODEL=1 leaves the starter model out.
package: setup starter-model
	@$(SETUP) system package
	@$(SETUP) venv package
	@$(BIN)/python packaging/pack.py $(if $(NO_MODEL),--no-model) $(if $(VULKAN),--vulkan)

package-test: package setup-test
	@$(SETUP) system package-test
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
