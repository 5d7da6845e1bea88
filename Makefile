# The two commands of the README are `make run` and `make test`; both do their own set-up first.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test check format bench torture fuzz lock clean

run: $(READY)
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/fieldkit; else exec $(BIN)/fieldkit rehearse --headless; fi

test: $(READY) $(VENV)/.ready-to-test
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 -q

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) $(VENV)/.ready-to-test
	-$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.day

torture: $(READY) $(VENV)/.ready-to-test
	$(BIN)/python -m tests.torture

fuzz: $(READY) $(VENV)/.ready-to-test
	$(BIN)/python -m tests.fuzz

lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install -q uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(READY): requirements.lock pyproject.toml scripts/system-packages
	@scripts/system-packages run
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-to-test: $(READY) scripts/system-packages
	@scripts/system-packages test
	@touch $@
