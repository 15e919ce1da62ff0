# Every target sets up what it needs: `make demo` and `make test` work on a machine
# that has only Python and make. `make test PYTHON=python3.12` chooses the Python.

VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SHARED := ../shared/data
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
VERSION := import sys; print("%d.%d" % sys.version_info[:2])

CHOSEN := $(filter command environment,$(origin PYTHON))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	$$python -c '$(SUPPORTED)' 2>/dev/null && echo $$python && break; done)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
.PHONY: help demo test test-full check format docs lock bench bench-faults bench-peers clean \
	same-python

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP)  ## who said what in an example article, from the model on this machine
	@$(BIN)/extractor extract examples/articles/2024-03-21-loan-vote.txt -f text

test: $(STAMP)  ## the tests, with the small model (93 MB, fetched once)
	@$(BIN)/extractor models pull smollm2-135m >/dev/null
	@$(BIN)/python -m pytest -m "not live and not shared and not large"

test-full: $(STAMP)  ## the same, the large model (1.1 GB) and the articles in ../shared
	@$(BIN)/extractor models pull smollm2-135m >/dev/null
	@$(BIN)/extractor models pull qwen2.5-coder-1.5b >/dev/null
	@HYPOTHESIS_EXAMPLES=10000 $(BIN)/python -m pytest -m "not live"

check: $(STAMP)  ## format, lint, types, layers, lock
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pip check
	@$(BIN)/python -m pytest -q -k lock tests/test_project.py

format: $(STAMP)  ## rewrite the code as `make check` wants it
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

docs: $(VENV)/.docs  ## the documentation as pages, in build/site
	@PYTHONPATH=. $(BIN)/python docs/generate.py
	@$(BIN)/zensical build --strict --clean
	@echo "Open build/site/index.html, or run $(BIN)/zensical serve."

LOCKED := --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --upgrade --quiet

lock:  ## resolve the locks anew (needs uv)
	@uv pip compile pyproject.toml --extra html --extra notebook --extra parquet \
		--extra ray --group dev $(LOCKED) --output-file requirements.lock
	@uv pip compile --group docs --constraint requirements.lock $(LOCKED) \
		--output-file docs/requirements.lock

bench: $(STAMP)  ## where an article's time goes; scores of the rules, given ../shared
	@$(BIN)/python -m evals.bench.overhead
	@if test -d $(SHARED); then \
		echo "Attribution by the rules alone, polnear_dev:"; \
		$(BIN)/python -m evals.bench.attribution $(SHARED)/polnear_dev; \
		echo "Triggers by the rules alone, wikievents_dev:"; \
		$(BIN)/python -m evals.bench.triggers $(SHARED)/wikievents_dev; \
	fi

bench-peers: $(STAMP)  ## time, tokens and scores beside other ways; hours (LANGEXTRACT=PYTHON)
	@$(BIN)/python -m evals.bench.speed evals/gold --split dev -o $(CURDIR)/.cache/peers \
		$(if $(LANGEXTRACT),--langextract $(LANGEXTRACT))

bench-faults: $(STAMP)  ## batches under faults; SHORT=1 for a minute of it
	@$(BIN)/python -m evals.bench.faults $(if $(SHORT),--short) \
		$(if $(LANGEXTRACT),--langextract $(LANGEXTRACT))

clean:  ## remove the environment and what tools left; the weights stay
	@rm -rf $(VENV) dist build *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache .cache
	@find extractor tests evals -name __pycache__ -type d -prune -exec rm -rf {} +

# With pip's own build isolation off, nothing is installed that the lock does not pin.
$(STAMP): requirements.lock pyproject.toml | same-python
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 on the PATH;" \
		"install one, or name it with PYTHON=/path/to/python." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -c '$(SUPPORTED)' || { \
		echo "make: $(PYTHON) is no Python 3.11, 3.12 or 3.13;" \
		"name one with PYTHON=python3.12." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV) || { \
		echo "make: $(PYTHON) cannot make a virtual environment;" \
		"on Debian and Ubuntu install the package python3-venv." >&2; exit 1; }
	@echo "Installing the locked packages into $(VENV), about a minute ..." >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--only-binary :all: --require-hashes -r requirements.lock || { \
		echo "make: the packages of requirements.lock could not be installed;" \
		"check the network or pip's index and proxy settings," \
		"then run make again." >&2; exit 1; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.docs: docs/requirements.lock $(STAMP)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check \
		--only-binary :all: --require-hashes -r docs/requirements.lock
	@touch $@

same-python:
ifneq ($(CHOSEN),)
	@test ! -x $(BIN)/python || \
		test "$$($(BIN)/python -c '$(VERSION)')" = "$$($(PYTHON) -c '$(VERSION)')" || { \
		echo "make: $(VENV) holds another Python than $(PYTHON);" \
		"run make clean first, or add VENV=.venv-other." >&2; exit 1; }
endif
