# Each target sets up what it needs: on a clean machine `make demo` and `make test` are one command each.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= demo-home
WORKERS ?= 2

.PHONY: demo test check bench drill setup clean

setup: $(VENV)/.ready

# --no-deps: the pinned file is the whole closure, and pip would otherwise look past the pins for requirements with extras.
$(VENV)/.ready: constraints.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --no-deps -r constraints.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q $(VENV)/lib >/dev/null || true
	touch $@

demo: setup
	$(BIN)/mrv demo --home $(HOME_DIR)

test: setup
	$(BIN)/pytest -q -n $(WORKERS) --dist worksteal

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

drill: setup
	$(BIN)/python -m mrv.drill all --results drill-results --workers $(WORKERS)
	$(BIN)/python -m mrv.drill page --results drill-results

bench: setup
	$(BIN)/pip install --quiet --require-hashes --no-deps -r constraints-bench.txt
	$(BIN)/mrv bench all --write docs/benchmarks.md

clean:
	rm -rf $(VENV) $(HOME_DIR) build dist *.egg-info
