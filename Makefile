# Everything a developer or CI types. Each target sets up what it needs; a machine needs Python 3.11 or later and make,
# and Node.js 20 or later for the JupyterLab panel (without it the panel and its tests are left out).

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv pip
ARGS   ?=

# Whatever environment is active, only $(VENV) is used.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PIP_USER

.PHONY: help demo test check lab panel galata test-cluster bench soak docs screenshots format lock clean
.DEFAULT_GOAL := help

# Node and Yarn. Both commands of the scripts, `jlpm` and `jupyter-builder`, are in $(BIN).
NODE  := $(shell node -p 'process.versions.node.split(".")[0] >= 20 || ""' 2>/dev/null)
JLPM  := PATH="$(CURDIR)/$(BIN):$$PATH" jlpm
PANEL := mlrun_nb/labextension/static/third-party-licenses.json
QUIET  = >$(VENV)/$(@F).log 2>&1 || { cat $(VENV)/$(@F).log; exit 1; }

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: $(VENV)/.demo  ## run the first example twice, show history and difference
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: $(VENV)/.test panel  ## all tests that need no cluster; ARGS="-k name" is handed to pytest
	@$(BIN)/python -m pytest -n 2 --dist loadscope $(ARGS)

check: $(VENV)/.test $(if $(NODE),node_modules/.yarn-state.yml)  ## format, lint, types, import contracts
	@$(BIN)/ruff format --check --quiet || { echo 'hint: run `make format`'; exit 1; }
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(if $(NODE),$(JLPM) lint:check,echo 'labextension: not checked, Node.js 20 or later is not there')

lab: SHELL := bash
lab: $(VENV)/.test panel  ## JupyterLab on examples/; what you change in labextension/ is there when you reload the page
	@set -m; $(if $(NODE),$(JLPM) watch & trap "kill -- -$$! 2>/dev/null" EXIT;) \
	  PATH="$(CURDIR)/$(BIN):$$PATH" jupyter lab --notebook-dir=examples $(ARGS)

panel: $(if $(NODE),$(PANEL))  ## build the JupyterLab panel where its sources are newer
	@$(if $(NODE),:,echo 'panel: not built and its tests left out, Node.js 20 or later is not there')

galata: $(if $(NODE),$(VENV)/.test panel tests/ui/node_modules/.yarn-state.yml)  ## the specs of tests/ui, by JupyterLab's own test tool
	@$(if $(NODE),cd tests/ui && $(JLPM) test $(ARGS),echo 'galata: left out, Node.js 20 or later is not there')

test-cluster: $(VENV)/.test  ## tests against the cluster of KUBECONFIG and the object store of AWS_ENDPOINT_URL
	@$(BIN)/python -m pytest -m "cluster and not soak" $(ARGS)

bench: $(VENV)/.bench  ## measure, print ratios
	@$(BIN)/python -m pytest -m benchmark --capture=no $(ARGS)

soak: $(VENV)/.test  ## long runs of random kills and load
	@$(BIN)/python -m pytest -m soak --timeout=0 $(ARGS)

docs: $(VENV)/.test  ## write docs/reference again from the code
	@$(BIN)/python docs/generate.py

screenshots: $(VENV)/.demo panel  ## take the screenshots in docs/images again, with Chromium; ARGS="cards sweep" takes some
	@$(BIN)/python docs/screenshots.py $(ARGS)

format: $(VENV)/.test $(if $(NODE),node_modules/.yarn-state.yml)  ## format the code, mend what the linter can
	@$(BIN)/ruff check --fix --quiet --exit-zero
	@$(BIN)/ruff format
	@$(if $(NODE),$(JLPM) lint)

LOCK = $(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
       -c requirements/constraints.in --custom-compile-command "make lock" $(ARGS)

lock: $(BIN)/uv  ## write requirements/*.txt again; ARGS=--upgrade takes the newest of everything
	@$(LOCK) --group bootstrap -o requirements/bootstrap.txt
	@$(LOCK) pyproject.toml --all-extras --group dev -o requirements/test.txt
	@$(LOCK) pyproject.toml --extra examples --group build -c requirements/test.txt -o requirements/demo.txt
	@$(LOCK) pyproject.toml --group bench --group build -c requirements/test.txt -o requirements/bench.txt

clean:  ## remove what make can make again
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	@rm -rf node_modules tests/ui/node_modules .yarn tsconfig.tsbuildinfo labextension/lib mlrun_nb/labextension
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv: requirements/bootstrap.txt
	@echo "set-up: making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'hint: Python 3.11 or later is needed; name one: `make PYTHON=python3.12 $(MAKECMDGOALS)`'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'hint: on Debian run `apt-get install python3-venv`'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# One environment for all: demo.txt and bench.txt are locked under the constraints of test.txt.
$(VENV)/.%: requirements/%.txt pyproject.toml package.json hatch_build.py labextension/server/mlrun_nb.json $(BIN)/uv
	@echo "set-up: installing $<, about a minute the first time"
	@$(UV) install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $<
	@HATCH_JUPYTER_BUILDER_SKIP_NPM=1 \
	  $(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@mkdir -p $(LABEXTENSIONS) && rm -rf $(LABEXTENSIONS)/mlrun-nb
	@ln -s "$(CURDIR)/mlrun_nb/labextension" $(LABEXTENSIONS)/mlrun-nb
	@touch $@

# Where JupyterLab looks; an editable installation leaves the panel to this link, to whatever is built behind it.
LABEXTENSIONS = $(VENV)/share/jupyter/labextensions

node_modules/.yarn-state.yml: package.json yarn.lock .yarnrc.yml | $(VENV)/.test
	@echo "set-up: installing what builds the panel, about a minute the first time"
	@$(JLPM) install --immutable $(QUIET)
	@touch $@

# 600 MB, mostly the front end of JupyterLab once more; the browser is the machine's.
tests/ui/node_modules/.yarn-state.yml: tests/ui/package.json tests/ui/yarn.lock .yarnrc.yml | $(VENV)/.test
	@echo "set-up: installing Galata, about a minute the first time"
	@cd tests/ui && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 $(JLPM) install --immutable >"$(CURDIR)/$(VENV)/galata.log" 2>&1 || \
	  { cat "$(CURDIR)/$(VENV)/galata.log"; exit 1; }
	@touch $@

# Folders are among the sources, so that a deleted file counts; the target is what only a production build leaves.
$(PANEL): package.json yarn.lock tsconfig.json node_modules/.yarn-state.yml \
          $(shell find labextension/src labextension/style labextension/schema -not -path '*/__tests__*')
	@echo "panel: building"
	@$(JLPM) build:prod $(QUIET)
