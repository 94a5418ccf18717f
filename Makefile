# Opora's commands. `make` alone lists them.

PORT ?= 8000
PYTHON ?= python3
JOBS ?= $(shell nproc)
ARGS ?=
FAMILIES ?= 100000
ORDER ?= $(shell git rev-list --count HEAD 2>/dev/null || echo 0)

PY := .venv/bin/python
MANAGE := DJANGO_SETTINGS_MODULE=config.settings.test $(PY) -W ignore manage.py
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check trace bench fix messages lock clean environment environment-test assets

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'PORT=8000 is the port of the demo, PYTHON=python3 the interpreter (3.11, 3.12 or 3.13),'
	@echo 'JOBS= the number of test processes, ORDER= a number for another order, ARGS= further arguments of pytest.'

demo: environment assets ## Run everything with invented data on http://localhost:8000; Ctrl-C stops it
	@exec $(PY) -m scripts.demo run --port $(PORT)

demo-reset: environment ## Delete the data of the demo, to start over
	@$(PY) -m scripts.demo reset

test: environment-test assets ## Run all tests, those in the browser included
	@PYTHONHASHSEED=$(ORDER) $(PY) -m pytest -q -n $(JOBS) --randomly-seed=$(ORDER) $(ARGS)

check: environment-test assets ## Run all checks of the code: style, types, layers, templates, migrations, translations
	@$(PY) -m scripts.check

trace: environment-test ## List which requirements are proven, and by which tests
	@$(PY) -m scripts.trace

bench: environment-test assets ## Measure against floors on FAMILIES invented families, in a database of their own (var/scale)
	@$(PY) -m scripts.scale bench --families $(FAMILIES) $(ARGS)

fix: environment-test ## Mend what the tools can mend by themselves
	@$(PY) -m ruff check --fix --quiet .
	@$(PY) -m ruff format --quiet .

messages: environment-test ## Collect new messages of the code into the catalogue, to be translated there
	@$(PY) -m scripts.messages update

lock: environment-test ## Pin the newest versions that pyproject.toml allows
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-header --output-file requirements.lock pyproject.toml

clean: ## Delete everything that make can build again; the data of the demo stays
	@rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name '*.mo' -path './locale/*' -delete

environment:
	@$(PYTHON) scripts/bootstrap.py demo

environment-test:
	@$(PYTHON) scripts/bootstrap.py test

assets: $(MESSAGES) build/fonts.stamp

build/fonts.stamp: requirements.lock common/assets.py
	@mkdir -p build
	@$(MANAGE) build_assets >/dev/null
	@touch $@

%.mo: %.po
	@msgfmt --check-format --output-file=$@ $<
