# The front door: `make` alone lists what there is.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
BROWSER := $(VENV)/.browser
AXE := tests/browser/node_modules/axe-core/axe.min.js
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
COMPILE = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
DATASET ?= demo
UNIT ?=
LANGUAGE ?=
REPORTS ?= 5000
OPTIONS = --jobs $(JOBS) $(if $(LANGUAGE),--language $(LANGUAGE))

.PHONY: help env demo reports report lab test test-slow test-browser test-browser-slow validate bench bench-endurance
.PHONY: lint lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

env: $(READY) ## create the environment in .venv from the hashed lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python must be 3.11 or newer; found $$($(PYTHON) --version). Name another with PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --clear --python "$$(command -v $(PYTHON))" $(VENV) && \
	  uv pip sync --quiet --compile-bytecode --python $(VENV) --require-hashes requirements.lock && \
	  uv pip install --quiet --python $(VENV) --no-deps --no-build-isolation --editable . ; \
	else \
	  $(PYTHON) -m venv --clear $(VENV) && \
	  $(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
	  $(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ; \
	fi
	@$(RUN)/python -m compileall -q src
	@touch $@

data/demo/dataset.toml: | $(READY)
	$(RUN)/excx demo

demo: data/demo/dataset.toml ## make the synthetic data: data/demo, data/demo-null, data/demo-sector

reports: data/demo/dataset.toml ## all notebooks for the demo company, and the unit report for its countries
	$(RUN)/excx report demo --level country $(OPTIONS)
	@echo "Open reports/demo/index.html"

report: $(READY) ## one report: make report DATASET=demo UNIT=NL LANGUAGE=nl
	$(RUN)/excx report $(DATASET) $(if $(UNIT),--unit "$(UNIT)") $(OPTIONS)

lab: data/demo/dataset.toml ## open JupyterLab on the notebooks
	$(RUN)/jupyter lab --ServerApp.ip=127.0.0.1 --notebook-dir=. notebooks

# One thread each: as many workers as cores that all start threads of their own only wait for each other.
test: $(READY) ## run the quick tests (real data too where EXCX_REAL_DATA names its folder)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN)/python -m pytest -n $(JOBS) --dist worksteal -m "not slow and not browser"

test-slow: $(READY) ## run the slow tests
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN)/python -m pytest -n $(JOBS) -m "slow and not browser"

test-browser: $(BROWSER) $(AXE) ## open the pages in headless Chromium: accessibility, keyboard, print
	@$(RUN)/python tests/browser/chromium.py
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(RUN)/python -m pytest -n $(JOBS) -m "browser and not slow" tests/browser

test-browser-slow: $(BROWSER) $(AXE) ## open more pages, those of every canary report among them
	@$(RUN)/python tests/browser/chromium.py
	$(RUN)/python -m pytest -n $(JOBS) -m "browser and slow" tests/browser

$(BROWSER): tests/browser/requirements.lock $(READY)
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(VENV) --require-hashes -r tests/browser/requirements.lock ; \
	else \
	  $(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	    -r tests/browser/requirements.lock ; \
	fi
	@touch $@

$(AXE): tests/browser/package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo "npm is missing; it brings axe-core. On Debian: apt-get install npm"; exit 1; }
	npm ci --prefix tests/browser --silent --ignore-scripts
	@touch $@

validate: $(READY) ## does the truth come back? simulate, and write docs/validation.md
	$(RUN)/python tests/validation/validate.py --jobs $(JOBS) --write docs/validation.md

bench: $(READY) ## how fast beside a plain way? measure, and write docs/speed.md, docs/speed_of_reports.md, docs/scale.md
	$(RUN)/python tests/bench/bench.py --write docs/speed.md
	$(RUN)/python tests/bench/reports.py --jobs $(JOBS) --write docs/speed_of_reports.md
	$(RUN)/python tests/bench/scale.py --write docs/scale.md

bench-endurance: $(READY) ## does a batch grow? watch 5,000 reports (REPORTS=…) for an hour, and write docs/endurance.md
	$(RUN)/python tests/bench/endurance.py --reports $(REPORTS) --jobs $(JOBS) --write docs/endurance.md

lint: $(READY) ## check the code's form
	$(RUN)/ruff check src tests notebooks && $(RUN)/ruff format --check src tests notebooks

lock: ## renew the locks: requirements.lock, and those of the browser tests (needs uv and npm)
	$(COMPILE) --extra cluster --group dev pyproject.toml --output-file requirements.lock
	$(COMPILE) --group browser --constraints requirements.lock --output-file tests/browser/requirements.lock
	npm install --prefix tests/browser --package-lock-only --silent

clean: ## delete what was generated: reports, demo data, caches
	rm -rf reports data/demo data/demo-null data/demo-sector .pytest_cache .ruff_cache
