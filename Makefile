# Every target sets up .venv first; settings are the LIT_ variables of the environment.
.DELETE_ON_ERROR:
.PHONY: run test test-ui ui sql bench check format clean

PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/.installed
LIT := $(VENV)/bin/lit

ifdef RAW
export LIT_RAW := $(RAW)
endif
ifdef WAREHOUSE
export LIT_WAREHOUSE := $(WAREHOUSE)
endif

run: $(STAMP) ## Materialise everything: make run [RAW=folder] [WAREHOUSE=folder]
	@$(LIT) run

ui: $(STAMP) ## Dagster UI and daemon on localhost
	@$(LIT) ui

sql: $(STAMP) ## One read-only query, or a prompt: make sql [Q="select ..."]
	@$(LIT) sql "$$Q"

test: $(STAMP) ## All tests, a file at a time on each core, at most four at once
	@$(VENV)/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

test-ui: $(STAMP) ## The UI in a headless browser; screenshots go to build/ui. Needs chromium and chromium-driver
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[ui]'
	@SCREENSHOTS="$${SCREENSHOTS:-build/ui}" $(VENV)/bin/python -m pytest -rs tests/ui/ui_in_a_browser.py

check: $(STAMP) ## Formatter, linter, type checker
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/mypy

bench: $(STAMP) ## Benchmarks beside other libraries; writes docs/benchmarks.md
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	@$(LIT) bench

format: $(STAMP) ## Format and mend what the linter can
	@$(VENV)/bin/ruff format .
	@$(VENV)/bin/ruff check --fix .

clean: ## Remove the environment; the warehouse stays
	rm -rf $(VENV) *.egg-info .mypy_cache .ruff_cache .pytest_cache

export Q

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed" >&2; exit 1; }
	@echo "Setting up $(VENV) (once; about a minute)"
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $(STAMP)
