# `make` lists what there is. Each target sets up .venv by itself, from requirements.lock; the project runs
# from this folder and is not installed. PYTHON=… chooses the Python of a new .venv.

.DEFAULT_GOAL := help
.PHONY: help setup chat ask test check format lock bench clean static fast browser office

VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
PYTHON ?=
PYTEST_ARGS ?=
# TESTS=no leaves the tests out of `make check`, for where `make test` runs them all right after it.
TESTS ?=
# Processes that `make test` spreads the files of tests over; 0 for none but its own.
WORKERS ?= 2
# The modules of tests/benchmarks that need nothing but this checkout.
BENCHMARKS := embeddings speed

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## Create .venv and install the pinned packages into it
	@echo '$(VENV) is ready'

chat: $(READY) ## Index the corpus where that is still to do, and open the chat
	@$(RUN) -m bot chat

ask: export QUESTION = $(value Q)
ask: $(READY) ## Answer one question: make ask Q="who funds CT Travel?"
	@test -n "$$QUESTION" || { echo 'usage: make ask Q="who funds CT Travel?"' >&2; exit 2; }
	@$(RUN) -m bot ask -- "$$QUESTION"

test: $(READY) browser office ## Run every test, those in a real browser too
	@$(RUN) -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

check: static $(if $(filter no,$(TESTS)),,fast) ## The gate before a commit: format, lint, types, import rules, the fast tests

format: $(READY) ## Format the code and sort its imports
	@$(RUN) -m ruff check --quiet --fix-only .
	@$(RUN) -m ruff format .

lock: ## Pin what pyproject.toml asks for in requirements.lock (UPGRADE=--upgrade: the newest)
	@command -v uv >/dev/null || { echo 'make lock needs uv: pip install uv' >&2; exit 1; }
	@uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes $(UPGRADE) \
		--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' \
		--output-file requirements.lock pyproject.toml

bench: $(READY) ## Print the figures of tests/benchmarks (SET=folder: also those of that public set)
	@for name in $(BENCHMARKS); do echo "== $$name"; $(RUN) -m tests.benchmarks.$$name || exit 1; done
	@test -z "$(SET)" || for name in retrieval reading; do \
		echo "== $$name"; $(RUN) -m tests.benchmarks.$$name "$(SET)" || exit 1; \
	done

clean: ## Remove .venv and what the tools wrote; the index and the history stay
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

static: $(READY)
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports --no-cache --no-logo

fast: static
	@$(RUN) -m pytest -m "not slow and not browser" $(PYTEST_ARGS)

browser: $(READY)
	@tests/browser/install.sh $(RUN)
	@tests/browser/wikis.sh .pytest_cache/d/wikis

office:
	@tests/formats/install.sh

# uv where it is installed, else venv and pip. The stamp comes last, so a set-up that broke off starts again.
# Bytecode is compiled here because third-party files that warn while they compile would fail the tests.
$(READY): requirements.lock pyproject.toml
	@if command -v uv >/dev/null; then tool=uv; else tool=pip; fi; \
	recent='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! $(RUN) -c "$$recent" 2>/dev/null; then \
		rm -rf $(VENV); \
		if [ $$tool = uv ]; then uv venv --quiet --python "$(or $(PYTHON),>=3.11)" $(VENV) || exit 1; \
		else \
			found=; \
			for python in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python); do \
				if "$$python" -c "$$recent" 2>/dev/null; then found=$$python; break; fi; \
			done; \
			test -n "$$found" || { echo 'Communiqué needs Python 3.11 or newer, and' \
				'$(or $(PYTHON),python3 on the PATH) is not one: install it, or name it: make PYTHON=/path/to/python' >&2; exit 1; }; \
			"$$found" -m venv $(VENV) || { echo "$$found cannot make $(VENV):" \
				"install its venv module (Debian: apt-get install python3-venv)" >&2; rm -rf $(VENV); exit 1; }; \
		fi; \
	fi; \
	echo "Installing the pinned packages into $(VENV) with $$tool (some minutes the first time)" >&2; \
	if [ $$tool = uv ]; then \
		uv pip sync --quiet --python $(RUN) --require-hashes --compile-bytecode requirements.lock; \
	else \
		$(RUN) -m pip install --quiet --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
			--requirement requirements.lock; \
	fi || { echo 'The packages could not be installed: see above, then run make again' >&2; exit 1; }
	@touch $(READY)
