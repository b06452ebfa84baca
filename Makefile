# Every setting comes from the environment: PORT=9000 TMDB_API_KEY=... make run
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Extras are kept: a pip that is older than 23.3 takes `coverage[toml]` for another package than
# `coverage`, and refuses the lock as soon as something newer is published.
COMPILE := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-strip-extras --no-emit-index-url --no-header --upgrade
# A file stays with one worker; tests/conftest.py says how many work and which files begin.
# What pytest compiled is kept, or each worker would compile two hundred files anew.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest \
	-n auto --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help install run test coverage lint type format bench migrate lock

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(BIN)/.installed-dev ## Make .venv with everything for running and developing

run: $(BIN)/.installed ## Start the whole site; Ctrl-C stops it
	@exec $(BIN)/python -m moviesite --stop-with-parent

test: $(BIN)/.installed-dev ## Run the tests; what is not installed is skipped and counted
	$(PYTEST)

coverage: $(BIN)/.installed-dev ## Run the tests and fail where less than 95 % of the lines were run
	$(PYTEST) --cov --cov-report=term --cov-report=xml

lint: $(BIN)/.installed-dev ## Check style and house rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

type: $(BIN)/.installed-dev ## Check the annotations
	$(BIN)/mypy

format: $(BIN)/.installed-dev ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(BIN)/.installed-dev ## Run the measurements
	$(BIN)/python -m benchmarks

migrate: $(BIN)/.installed ## Bring the database to the newest tables
	$(BIN)/flask --app wsgi db upgrade

lock: $(BIN)/.installed-dev ## Choose newest versions of all packages anew
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) -c requirements.txt --group dev -o requirements-dev.txt pyproject.toml

# What running needs is installed apart from what developing needs, so that the first start is
# quick. A file newer than the lists says that there is nothing to do.
$(BIN)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(BIN)/.installed-dev: requirements-dev.txt $(BIN)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python could not make an environment; try: apt install python3-venv" >&2; exit 1; }
