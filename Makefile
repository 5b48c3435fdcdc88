# `make help` lists what there is. Everything runs from .venv, which tools/setup makes.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PYTHON_FILES := helpdesk config.py wsgi.py tests $(wildcard bench)
export PYTHONUNBUFFERED = 1
# Every process would compile all modules anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run test check bench eval-mail eval-sentiment fix faults lock migration for-run for-dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: for-run ## Set up everything and serve a demo on http://127.0.0.1:8000 (PORT changes it)
	@HELPDESK_DEMO=$${HELPDESK_DEMO-1} exec $(BIN)/flask --app wsgi up

test: for-dev ## Run the tests on SQLite and PostgreSQL (ARGS="-k word" hands arguments to pytest)
	@$(BIN)/pytest $(ARGS)

check: for-dev ## Format, lint, types, imports, templates, migrations, then the tests
	@$(BIN)/ruff format --check --quiet $(PYTHON_FILES) || { echo "Run: make fix" >&2; exit 1; }
	@$(BIN)/ruff check --quiet $(PYTHON_FILES)
	@$(BIN)/mypy --no-error-summary $(PYTHON_FILES)
	@$(BIN)/lint-imports --no-cache >/dev/null || $(BIN)/lint-imports --no-cache
	@$(BIN)/djlint helpdesk --lint --quiet
	@tools/check_migrations
	@$(MAKE) --no-print-directory test

bench: for-dev ## Measure the pages beside their floor, mail in, surveys, reports, imports and starts
	@$(BIN)/python -m bench $(ARGS)
	@$(BIN)/python -m bench.mail_in
	@$(BIN)/python -m bench.agents
	@$(BIN)/python -m bench.invitations $(SURVEYS)
	@$(BIN)/python -m bench.reports $(REPORTS)
	@$(BIN)/python -m bench.imports
	@$(BIN)/python -m bench.starts

eval-mail: for-dev ## Measure the reading of mails on a folder of cases: make eval-mail MAIL_CASES=folder
	@test -n "$(MAIL_CASES)" || { echo 'Say where they are: make eval-mail MAIL_CASES=folder' >&2; exit 1; }
	@$(BIN)/python -m bench.eval_mail "$(MAIL_CASES)" $(ARGS)

fix: for-dev ## Put format and imports in order
	@$(BIN)/ruff check --fix --quiet $(PYTHON_FILES) || true
	@$(BIN)/ruff format --quiet $(PYTHON_FILES)

eval-sentiment: for-dev ## Measure the tone analyser beside TextBlob and VADER: quality and speed
	@$(BIN)/python tools/eval_sentiment.py

faults: for-dev ## Run the fault trials at full length; it takes about an hour
	@HELPDESK_TRIALS=full $(BIN)/pytest -m faults -n 0 $(ARGS)

lock: ## Write the lock files anew from pyproject.toml (needs uv)
	@tools/lock

migration: for-dev ## Write a migration from the models: make migration m="add a column"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add a column"' >&2; exit 1; }
	@HELPDESK_DEMO=1 $(BIN)/flask --app wsgi db upgrade
	@HELPDESK_DEMO=1 $(BIN)/flask --app wsgi db revision --autogenerate -m "$(m)"

for-run:
	@tools/setup run

for-dev:
	@tools/setup dev
