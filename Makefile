# Needs: make, and Python 3.11 or newer with venv. Everything else is fetched into this folder.
PORT ?= 8000
# pytest's own arguments, such as make pytest ARGS="tests/engine -q". One process more than there are
# processors: tests of browsers, kills and mail wait for others half of their time.
ARGS ?= -n $$(( $$(nproc) + 1 )) --dist loadfile --no-loadscope-reorder
# How long make endurance lasts, and where its random choices begin
STEPS ?= 100000
KILLS ?= 1000
FUZZ ?= 20000
SEED ?= $(shell date +%s)
BIN := .venv/bin
FLASK := $(BIN)/flask --app workflow_app.wsgi
CODE := workflow_app tests tools bench

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
export PORT PYTHON

.PHONY: help
help: ## Show this list
	@echo "make <target>:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r name words; do printf '%-19s%s\n' "$$name" "$$words"; done

.PHONY: setup
setup: ## Set everything up: Python and browser packages, bundle, translations
	@sh tools/setup.sh

.PHONY: run
run: ## Serve the demonstration at 127.0.0.1, PORT=8000 unless another is given
	@python=$$(sh tools/find_python.sh) && "$$python" tools/port_free.py "$(PORT)"
	@sh tools/setup.sh
	@sh tools/serve.sh

.PHONY: worker
worker: setup ## Do due work beside the servers; DATABASE_URL= names a PostgreSQL
	@exec $(FLASK) worker

.PHONY: test
test: check pytest ## Set up, make check, then every test

.PHONY: pytest
pytest: setup ## Only the tests; ARGS= replaces pytest's arguments
	@$(BIN)/python -m pytest $(ARGS)

.PHONY: endurance
endurance: setup ## Walk 100,000 random steps, kill servers 1,000 times a database, fuzz FEEL: STEPS= KILLS= FUZZ= SEED=
	@WALK_STEPS=$(STEPS) WALK_MODELS=1000 KILLS=$(KILLS) RACE_TURNS=20 WALK_SEED=$(SEED) KILL_SEED=$(SEED) RACE_SEED=$(SEED) \
		FEEL_FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/engine/walks tests/durability tests/unit/feel/test_fuzz.py -n auto

.PHONY: check
check: lint format types layers templates words-check processes-check scripts ## Every check that needs no test run
	@echo "All checks passed."

.PHONY: lint
lint: setup ## Check: ruff's rules
	@$(BIN)/ruff check $(CODE)

.PHONY: format
format: setup ## Check: ruff's formatting
	@$(BIN)/ruff format --check $(CODE)

.PHONY: types
types: setup ## Check: types, by mypy, strict
	@$(BIN)/mypy
	@$(BIN)/mypy -p bench
	@$(BIN)/mypy $(wildcard tools/*.py)

.PHONY: layers
layers: setup ## Check: layers point downwards
	@$(BIN)/lint-imports --no-logo

.PHONY: templates
templates: setup ## Check: templates, by djlint
	@$(BIN)/djlint --quiet --lint workflow_app/templates

.PHONY: words-check
words-check: setup ## Check: no stale, fuzzy or broken catalogue
	@$(BIN)/python -m workflow_app.cli.translations check

.PHONY: processes-check
processes-check: setup ## Check: every diagram, form, table, mail and manifest
	@$(FLASK) processes check --no-warnings

.PHONY: scripts
scripts: setup ## Check: scripts and style sheets, by bundling them
	@test -s workflow_app/static/dist/manifest.json

.PHONY: scenarios
scenarios: setup ## Run every scenario beside the processes
	@$(FLASK) processes test

.PHONY: fix
fix: setup ## Repair what ruff can repair
	@$(BIN)/ruff check --fix $(CODE); $(BIN)/ruff format $(CODE)

.PHONY: translations
translations: setup ## Update the catalogues from sources, diagrams, forms and tables
	@$(BIN)/python -m workflow_app.cli.translations update

.PHONY: bpmn-table
bpmn-table: setup ## Write docs/bpmn.md from the tests that prove it
	@$(BIN)/python -m tools.bpmn_table

.PHONY: feel-page
feel-page: setup ## Write the tables of docs/feel.md that the code knows best
	@$(BIN)/python -m tools.feel_page

.PHONY: bench
bench: setup ## Measure; writes bench/results.json and prints the table
	@$(BIN)/python -m bench.run

.PHONY: screenshot
screenshot: setup ## Take the README's picture anew
	@$(BIN)/python -m tools.screenshot docs/screenshot.png

.PHONY: lock
lock: setup ## Renew the locks of Python packages
	@$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group dev -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements-node.in -o requirements-node.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q requirements-s3.in -c requirements.lock -o requirements-s3.lock

.PHONY: clean
clean: ## Remove what set-up made; the demonstration's database stays
	rm -rf .venv .setup node_modules workflow_app/static/dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.PHONY: reset
reset: ## Forget the demonstration's database, files and mails
	rm -rf instance/workflow.db* instance/files
