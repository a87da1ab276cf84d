# `make run` is all that a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench prove install install-dev lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: install ## the portal with its sandbox upstreams on http://127.0.0.1:8000 (PORT= changes it)
	@exec $(BIN)/python manage.py rundemo --port $(PORT)

install: $(VENV)/.runtime ## the environment alone, in .venv

install-dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; set PYTHON= to one" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing packages into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing the test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

test: install-dev ## every test, in parallel; says what it skipped (with CI set nothing may be)
	@sh .ci/browser
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: install-dev ## formatter, linter, import contracts, types, templates, Django's deployment check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	SECRET_KEY=$$(od -An -N40 -tx1 /dev/urandom | tr -d ' \n') ALLOWED_HOSTS=portal.example \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

format: install-dev ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev ## the benchmarks, as ratios within one run
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench_exports $(ARGS)

prove: install-dev ## the slow proofs
	@$(BIN)/python -m pytest -n auto -m "slow or not slow" $(ARGS)

lock: ## pin the packages anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.txt

clean: ## remove what was installed and made
	rm -rf $(VENV) staticfiles portal.sqlite3*
