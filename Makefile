# Everything a person does with Mejora. Needs Python 3.11 or later, make and git; nothing else.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PYTHON := $(or $(PYTHON),$(error Mejora needs Python 3.11 or later; none was found in PATH))
BIN := .venv/bin
PROCESSES ?= 2

.PHONY: help run setup test check fix messages bench lock clean

help:  ## This list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

run: ## Start the demonstration on http://localhost:8000 (PORT=… for another)
	@$(PYTHON) scripts/run.py

setup:
	@$(PYTHON) scripts/set_up.py

test: setup ## Every test, browser journeys included, on two processes
	@$(BIN)/python -m pytest -n $(PROCESSES) --dist loadgroup $(ARGS)

check: setup ## Style, layers, migrations, translations, templates, types
	@$(BIN)/python scripts/check.py

fix: setup ## Mend what the machine can mend: imports and layout of the code
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

messages: setup ## Bring the message catalogues up to date with the code
	@$(BIN)/python manage.py messages update

bench: setup ## Measure against the targets (ARGS="--size country")
	@$(BIN)/python -m tests.benchmarks $(ARGS)

lock: ## Renew requirements.lock from pyproject.toml
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean: ## Forget the demonstration: database, files, queues
	@rm -rf var
