# The commands that people and CI type. `make` alone lists them.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check

# The locks are installed once per state: a stamp's name carries their checksum, so that a change of branch is noticed too.
STATE := $(shell cat pyproject.toml requirements/run.txt requirements/docs.txt requirements/dev.txt requirements/bench.txt requirements/coverage.txt requirements/mutants.txt 2>/dev/null | cksum | cut -d' ' -f1)
RUN_INSTALLED := $(VENV)/run-$(STATE)
DOCS_INSTALLED := $(VENV)/docs-$(STATE)
DEV_INSTALLED := $(VENV)/dev-$(STATE)
BENCH_INSTALLED := $(VENV)/bench/$(STATE)
RELEASE_INSTALLED := $(VENV)/release/$(STATE)
COVERAGE_INSTALLED := $(VENV)/coverage/$(STATE)
MUTANTS_INSTALLED := $(VENV)/mutants/$(STATE)
OTHER_STATES = $(filter-out %-$(STATE),$(wildcard $(VENV)/run-* $(VENV)/docs-* $(VENV)/dev-*))

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --no-config --universal --python-version 3.11 \
	--generate-hashes --annotation-style line --custom-compile-command 'make lock' --extra postgres --extra redis --extra s3 --group build

GROUP_LOCK = $(BIN)/uv pip compile --group pyproject.toml:$(1) --quiet --no-config --universal \
	--python-version 3.11 --generate-hashes --annotation-style line --custom-compile-command 'make lock' \
	--constraint requirements/$(2).txt --output-file requirements/$(1).txt $(ARGS)

# DRIVER=apsw hides pysqlite3 from every process, as on platforms for which it has no wheel.
ifeq ($(DRIVER),apsw)
export PYTHONPATH := $(CURDIR)/tests/support/instruments/hidden_packages/without_pysqlite3
endif

# Otherwise every worker compiles every test in every run, where the environment forbids to keep what was compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.SUFFIXES:

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  PYTHON=python3.12 chooses the interpreter; ARGS="…" is passed on (up, test, test-unit, faults, bench, lock, new-machine).'
	@echo '  DRIVER=apsw runs tests, faults and benchmarks on the SQLite of apsw instead of pysqlite3.'

.PHONY: up
up: $(RUN_INSTALLED) ## Install, migrate, run the web server and the scheduler
	$(BIN)/leadtracker up $(ARGS)

.PHONY: demo
demo: $(RUN_INSTALLED) ## Run an invented office in the folder demo-data; sign in as demo, password: an invented office
	LEADTRACKER_DATA_DIR=demo-data LEADTRACKER_ADMIN_USERNAME=demo LEADTRACKER_ADMIN_PASSWORD='an invented office' \
		sh -c 'test -e demo-data/leadtracker.db || $(BIN)/leadtracker demo'
	LEADTRACKER_DATA_DIR=demo-data $(BIN)/leadtracker up $(ARGS)

.PHONY: test
test: $(DEV_INSTALLED) ## Run every test; ARGS="-k lead -x" for some
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

.PHONY: test-unit
test-unit: $(DEV_INSTALLED) ## Run the tests that need no database, process or network; ARGS="-k week" for some
	$(BIN)/python -m pytest -n auto --dist worksteal tests/unit $(ARGS)

.PHONY: coverage
coverage: $(DEV_INSTALLED) $(COVERAGE_INSTALLED) ## List the lines of the domain that unit tests do not run; ARGS=tests/integration/http for others
	PYTHONPATH=$(VENV)/coverage $(BIN)/python -m coverage run -m pytest --quiet $(or $(ARGS),tests/unit)
	PYTHONPATH=$(VENV)/coverage $(BIN)/python -m coverage report

.PHONY: mutants
mutants: $(DEV_INSTALLED) $(MUTANTS_INSTALLED) ## Change the rules of the domain, and list changes that no unit test notices; ARGS="leadtracker.domain.model.reports.week*"
	PYTHONPATH=$(VENV)/mutants $(BIN)/python -m mutmut run $(ARGS)
	PYTHONPATH=$(VENV)/mutants $(BIN)/python -m mutmut results

.PHONY: new-machine
new-machine: export ARGS := $(ARGS)
new-machine: ## Run CI in a new Debian, before every release; needs root and debootstrap
	tests/release/new_machine.sh

.PHONY: platforms
platforms: $(DEV_INSTALLED) $(BIN)/uv ## Check that the locked dependencies have wheels for every platform; needs pypi.org
	tests/release/platforms.sh $(BIN)/uv

.PHONY: python-versions
python-versions: ## Run unit tests and a smoke test on every Python version of this machine; PYTHONS="…" names others
	tests/release/python_versions.sh

.PHONY: dist
dist: $(DEV_INSTALLED) ## Build the source distribution and the wheel, check them, install the wheel somewhere else
	rm -rf dist
	$(BIN)/python -m hatchling build
	tests/release/dist_check.sh $(BIN)/python

.PHONY: sbom
sbom: $(RELEASE_INSTALLED) ## Write the bill of materials of the locked dependencies, dist/sbom.json (CycloneDX)
	mkdir -p dist
	$(VENV)/release/bin/cyclonedx-py requirements --output-reproducible --output-file dist/sbom.json requirements/run.txt

.PHONY: audit
audit: $(RELEASE_INSTALLED) ## Look for known weaknesses of the locked dependencies; needs pypi.org
	$(VENV)/release/bin/pip-audit --require-hashes --disable-pip --strict --requirement requirements/run.txt

.PHONY: image-check
image-check: ## Build the container image and run it; needs root, buildah and debootstrap, else it is skipped
	tests/release/image_check.sh

.PHONY: faults
faults: $(DEV_INSTALLED) ## Break things on purpose; ARGS="kill-web smtp-flaky" for some, FAULTS=ci for less, full for hours of it
	$(BIN)/python -m tests.faults $(ARGS)

.PHONY: bench
bench: $(DEV_INSTALLED) $(BENCH_INSTALLED) ## Measure, against a baseline and a comparison; ARGS="--only posts --json FILE"
	$(BIN)/python -m tests.bench $(ARGS)

.PHONY: check
check: $(DEV_INSTALLED) ## Format, lint, types, import rules, dependencies, vocabulary, schema, OpenAPI, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry leadtracker
	$(BIN)/python -m pytest -q tests/unit/test_glossary.py tests/unit/test_references.py \
		tests/integration/adapters/database/schema/test_schema.py \
		tests/integration/http/openapi/test_openapi_document.py
	$(MAKE) --no-print-directory docs

.PHONY: docs
docs: $(DOCS_INSTALLED) ## Build the documentation site into site/; a broken link fails
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

.PHONY: references
references: $(DEV_INSTALLED) ## Write the generated parts of the documentation and .env.example again
	$(BIN)/python -m tools.references

.PHONY: census
census: $(DEV_INSTALLED) ## Measure folders, files and import chains against the goals of the architecture
	$(BIN)/python -m tests.census

.PHONY: format
format: $(DEV_INSTALLED) ## Format the code and fix what ruff can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: messages
messages: $(DEV_INSTALLED) ## Update the message catalogues, and list what is left to translate
	$(BIN)/python -m tests.messages

.PHONY: screenshots
screenshots: $(DEV_INSTALLED) ## Take the pictures of docs/screenshots again; needs Chromium
	$(BIN)/python -m tests.screenshots

.PHONY: lock
lock: $(BIN)/uv ## Pin the dependencies of pyproject.toml again; ARGS=--upgrade for newer versions
	$(LOCK) --output-file requirements/run.txt $(ARGS)
	$(LOCK) --group test --group check --group docs --group lock --constraint requirements/run.txt --output-file requirements/dev.txt $(ARGS)
	$(call GROUP_LOCK,docs,dev)
	$(call GROUP_LOCK,bench,run)
	$(call GROUP_LOCK,release,run)
	$(call GROUP_LOCK,coverage,dev)
	$(call GROUP_LOCK,mutants,dev)

.PHONY: clean
clean: ## Remove what these commands made; data/ stays
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist mutants site
	find leadtracker tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN_INSTALLED): | $(BIN)/pip
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $@ $(OTHER_STATES)
	@touch $@

# The site needs neither the program nor its tests: a new clone has it within a minute.
$(DOCS_INSTALLED): | $(BIN)/pip
	$(PIP) install --require-hashes --requirement requirements/docs.txt
	@rm -f $@ $(OTHER_STATES)
	@touch $@

# What the tests need contains what the program and the site need: one installation serves all.
$(DEV_INSTALLED): | $(BIN)/pip
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $@ $(OTHER_STATES)
	@touch $(RUN_INSTALLED) $(DOCS_INSTALLED) $@

# In a separate folder: dependency-injector imports FastAPI wherever it finds it, which would slow our start.
$(BENCH_INSTALLED): | $(BIN)/pip
	rm -rf $(VENV)/bench
	$(PIP) install --require-hashes --target $(VENV)/bench --requirement requirements/bench.txt
	@touch $@

# In separate folders: nothing else needs these two.
$(COVERAGE_INSTALLED): | $(BIN)/pip
	rm -rf $(VENV)/coverage
	$(PIP) install --require-hashes --target $(VENV)/coverage --requirement requirements/coverage.txt
	@touch $@

$(MUTANTS_INSTALLED): | $(BIN)/pip
	rm -rf $(VENV)/mutants
	$(PIP) install --require-hashes --target $(VENV)/mutants --requirement requirements/mutants.txt
	@touch $@

# In a separate environment: what releases need must not change what runs.
$(RELEASE_INSTALLED): | $(BIN)/pip
	rm -rf $(VENV)/release
	$(PYTHON) -m venv $(VENV)/release
	$(VENV)/release/bin/python -m pip install --quiet --quiet --require-hashes --requirement requirements/release.txt
	@touch $@

# Not by way of the stamp: while pyproject.toml and the locks disagree, only the locks can be installed.
$(BIN)/uv: | $(BIN)/pip
	$(PIP) install --require-hashes --requirement requirements/dev.txt

# Debian splits ensurepip off into python3-venv; without it `python -m venv` leaves half an environment behind.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "LeadTracker needs Python 3.11 or newer; choose one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing; install it, on Debian or Ubuntu with: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
