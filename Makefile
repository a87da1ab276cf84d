# `make run` is all that a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
AUDIT := .venv-audit
EXTRAS := celery s3 saml
LOCKS := requirements.txt $(EXTRAS:%=requirements-%.txt) requirements-dev.txt
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help run cluster check test lint format messages screenshots bench prove install install-dev lock sbom audit clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: install ## the portal with its sandbox upstreams on http://127.0.0.1:8000 (PORT= changes it)
	@exec $(BIN)/python manage.py rundemo --port $(PORT)

cluster: install-dev ## two web servers and two workers behind nginx, PostgreSQL and Redis (PORT= changes the address)
	@sh .ci/cluster
	@exec $(BIN)/python -m tests.cluster --port $(PORT)

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

check: lint test ## what CI runs: `lint`, then `test`

# Python 3.12 and later can watch lines at next to no cost. Tests wait for browsers and servers: one more of them than
# there are cores leaves none idle.
test: install-dev ## every test but the slow proofs, in parallel, with the lines they reach; says what it skipped (with CI set nothing may be)
	@sh .ci/browser
	@sh .ci/nginx
	@COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
	  $(BIN)/python -m pytest -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadgroup $(if $(ARGS),$(ARGS),--cov --cov-report= --cov-fail-under=95)

lint: install-dev ## formatter, linter, import contracts, types, templates, Django's deployment check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	sh .ci/deployment-check

LOCALE ?= de
messages: install-dev ## the texts of a language to translate, LOCALE=de: orders/locale/de/…; says what is left
	@$(BIN)/python -m tests.translations $(LOCALE)

screenshots: install-dev ## the pictures of the guide, taken anew from a demo with fixed data; ARGS=order takes one
	@sh .ci/browser
	@sh .ci/fonts
	@$(BIN)/python -m tests.screenshots $(ARGS)

format: install-dev ## put the code into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev ## the benchmarks, as ratios within one run; BASE=v0.2.0 measures that version beside this one
ifdef BASE
	@$(BIN)/python -m tests.bench.paired $(BASE) $(ARGS)
else
	@$(BIN)/python -m tests.bench $(ARGS)
	@$(BIN)/python -m tests.bench.exports $(ARGS)
endif

prove: install-dev ## the slow proofs
	@$(BIN)/python -m pytest -n auto --dist loadgroup -m "slow or not slow" $(ARGS)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock: ## pin the packages anew (needs uv); ARGS=--upgrade takes the newest that are allowed
	$(COMPILE) $(ARGS) pyproject.toml -o requirements.txt
	set -e; for extra in $(EXTRAS); do \
	  $(COMPILE) $(ARGS) --extra $$extra pyproject.toml -o requirements-$$extra.txt; done
	$(COMPILE) $(ARGS) --group dev pyproject.toml -o requirements-dev.txt
	$(COMPILE) $(ARGS) --group audit -o requirements-audit.txt

$(AUDIT)/.installed: requirements-audit.txt
	@$(PYTHON) -m venv $(AUDIT)
	@$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-audit.txt
	@touch $@

# The version stands in the package; who reads pyproject.toml alone finds it here.
$(AUDIT)/pyproject.toml: pyproject.toml orders_portal/__init__.py
	@mkdir -p $(AUDIT)
	@version=$$(sed -n 's/^__version__ = "\(.*\)"/\1/p' orders_portal/__init__.py) && \
	  sed "s/^dynamic = .*/version = \"$$version\"/" pyproject.toml > $@

sbom: $(AUDIT)/.installed $(AUDIT)/pyproject.toml ## what the portal is made of, as CycloneDX, in sbom.json
	@PYTHONWARNINGS=ignore $(AUDIT)/bin/cyclonedx-py requirements --pyproject $(AUDIT)/pyproject.toml --mc-type application \
	  --output-reproducible -o sbom.json requirements-saml.txt

audit: $(AUDIT)/.installed ## ask for known weaknesses of the locked packages; says so where nobody can be asked
	@sh .ci/audit $(AUDIT)/bin/pip-audit $(LOCKS)

clean: ## remove what was installed and made
	rm -rf $(VENV) $(AUDIT) staticfiles portal.sqlite3* sbom.json .coverage*
