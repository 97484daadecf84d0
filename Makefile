# Everything a developer or CI types. Each target sets up what it needs; a machine needs Python 3.11 or later and make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(BIN)/uv pip
ARGS   ?=

# Whatever environment is active, only $(VENV) is used.
unexport VIRTUAL_ENV CONDA_PREFIX PYTHONHOME PYTHONPATH PIP_USER

.PHONY: help demo test check test-cluster bench soak docs format lock clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: $(VENV)/.demo  ## run the first example twice, show history and difference
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: $(VENV)/.test  ## all tests that need no cluster; ARGS="-k name" is handed to pytest
	@$(BIN)/python -m pytest -n 2 $(ARGS)

check: $(VENV)/.test  ## format, lint, types, import contracts
	@$(BIN)/ruff format --check --quiet || { echo 'hint: run `make format`'; exit 1; }
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

test-cluster: $(VENV)/.test  ## tests against the cluster of KUBECONFIG and the object store of AWS_ENDPOINT_URL
	@$(BIN)/python -m pytest -m cluster $(ARGS)

bench: $(VENV)/.bench  ## measure, print ratios
	@$(BIN)/python -m pytest -m benchmark --capture=no $(ARGS)

soak: $(VENV)/.test  ## long runs of random kills and load
	@$(BIN)/python -m pytest -m soak --timeout=0 $(ARGS)

docs: $(VENV)/.test  ## write docs/reference again from the code
	@$(BIN)/python docs/generate.py

format: $(VENV)/.test  ## format the code, mend what the linter can
	@$(BIN)/ruff check --fix --quiet --exit-zero
	@$(BIN)/ruff format

LOCK = $(UV) compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
       --custom-compile-command "make lock" $(ARGS)

lock: $(BIN)/uv  ## write requirements/*.txt again; ARGS=--upgrade takes the newest of everything
	@$(LOCK) --group bootstrap -o requirements/bootstrap.txt
	@$(LOCK) pyproject.toml --all-extras --group dev -o requirements/test.txt
	@$(LOCK) pyproject.toml --extra examples --group build -c requirements/test.txt -o requirements/demo.txt
	@$(LOCK) pyproject.toml --group bench --group build -c requirements/test.txt -o requirements/bench.txt

clean:  ## remove what make can make again
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv: requirements/bootstrap.txt
	@echo "set-up: making $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'hint: Python 3.11 or later is needed; name one: `make PYTHON=python3.12 $(MAKECMDGOALS)`'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'hint: on Debian run `apt-get install python3-venv`'; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# One environment for all: demo.txt and bench.txt are locked under the constraints of test.txt.
$(VENV)/.%: requirements/%.txt pyproject.toml package.json $(BIN)/uv
	@echo "set-up: installing $<, about a minute the first time"
	@$(UV) install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r $<
	@$(UV) install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
