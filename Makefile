# What one can do here. `make` alone prints it. Needs Python 3.11+, make and git; everything else comes into .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
JOBS ?= auto
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
export TEMPLATES := site/templates program_pages/templates $(wildcard partner_directory/templates)
LOCK := pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-annotate pyproject.toml

export BASE_URL ?= http://127.0.0.1:$(PORT)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Use it
.PHONY: setup run reset
setup: $(VENV)/requirements ## .venv, packages, translations, database, the programme with its pages and sample users
	@$(MANAGE) compile_messages
	@$(MANAGE) badge_key --keep
	@echo "Database:"
	@$(MANAGE) migrate
	@echo "The programme, its pages and sample data:"
	@$(MANAGE) load_programme
	@echo "Regions and cities:"
	@$(MANAGE) load_directory
	@$(MANAGE) issue_badges
	@$(MANAGE) prepare_kits

run: setup ## set up what is missing, then serve at http://127.0.0.1:8000 (PORT= changes it)
	@.ci/addresses $(PORT)
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT)

reset: ## start anew: delete the SQLite database and the uploaded files (asks first; YES=1 does not)
	@.ci/reset
	@$(MAKE) --no-print-directory setup

##@ Test it
.PHONY: test test-postgres engines e2e e2e-pictures bench bench-postgres bench-front faults observatory fuzz scan mutants
test: $(VENV)/requirements-dev ## every test that needs no outside service (ARGS= goes to pytest)
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

test-postgres: $(VENV)/requirements-dev ## the same tests, but for the browser's, on a real PostgreSQL
	.ci/with-postgres $(BIN)/pytest -n $(JOBS) --dist worksteal -m "not e2e" $(ARGS)

engines: $(VENV)/requirements-dev ## two hosts on PostgreSQL with a standby, Redis and buckets, one of them down at a time (minutes)
	$(BIN)/python -m tests.operations.whole

e2e: $(VENV)/requirements-dev ## only the tests with a browser
	$(BIN)/pytest -n $(JOBS) -m e2e $(ARGS)

e2e-pictures: $(VENV)/requirements-dev ## every page as a picture, in test-results/pictures
	$(BIN)/python -m tests.e2e.pictures

bench: $(VENV)/requirements-dev ## requests per second, median and p99, beside a bare Django view (ONLY=quotes, directory, badges, impact)
	$(BIN)/python -m tests.bench

bench-postgres: $(VENV)/requirements-dev ## the directory at its sizes on PostgreSQL
	.ci/with-postgres sh -c 'BENCH_DATABASE_URL=$$DATABASE_URL ONLY=directory $(BIN)/python -m tests.bench'

bench-front: $(VENV)/requirements-dev ## nginx's cache beside a static file, a start, memory of a web process (needs nginx, redis-server, wrk)
	$(BIN)/python -m tests.bench.front

faults: $(VENV)/requirements-dev ## what can go wrong, done to real servers (ONLY=kill_web,mail; TIMES=50 kills; COUNT=10000 partners migrated)
	$(BIN)/python -m tests.faults

observatory: $(VENV)/requirements-dev ## what Mozilla's observatory says of the site as the public has it (needs nginx, npm)
	$(BIN)/python -m tests.scans.observatory

fuzz: $(VENV)/requirements-dev ## the whole API asked by schemathesis, 1 000 cases and more (CASES= of an operation)
	$(BIN)/python -m tests.scans.fuzz

scan: $(VENV)/requirements-dev ## wapiti, an active scanner, against the site as the public has it (needs nginx; CRAWL=, ATTACK= seconds)
	$(BIN)/python -m tests.scans.wapiti

mutants: $(VENV)/requirements-dev ## how many mistakes planted in the rules their tests find (minutes)
	rm -rf mutants
	$(BIN)/mutmut run $(if $(filter-out auto,$(JOBS)),--max-children $(JOBS))
	@$(BIN)/mutmut export-cicd-stats >/dev/null
	@$(BIN)/python -m tests.rules.mutants

##@ Keep it tidy
.PHONY: lint types format messages lock outdated
lint: $(VENV)/requirements-dev ## everything that a machine can see in the sources
	@.ci/lint

types: $(VENV)/requirements-dev ## mypy
	$(BIN)/mypy

format: $(VENV)/requirements-dev ## format Python, mend what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: $(VENV)/requirements ## bring the translation catalogues up to date
	$(MANAGE) messages

lock: ## resolve pyproject.toml anew into the two requirements files (ARGS=--upgrade)
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && $(PYTHON) -m venv "$$scratch" && \
	"$$scratch/bin/pip" install --quiet uv && \
	"$$scratch/bin/uv" $(LOCK) $(ARGS) -o requirements.txt && \
	"$$scratch/bin/uv" $(LOCK) $(ARGS) --group dev -c requirements.txt -o requirements-dev.txt

outdated: ## which pinned packages have newer releases within our bounds; fails where any has
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && cp requirements.txt requirements-dev.txt "$$scratch" && \
	$(MAKE) --no-print-directory lock ARGS=--upgrade >/dev/null 2>&1; status=$$?; \
	for list in requirements.txt requirements-dev.txt; do \
		grep -E '^[a-z0-9].*==' $$list >"$$scratch/new" && cp "$$scratch/$$list" $$list && \
		grep -E '^[a-z0-9].*==' $$list | diff - "$$scratch/new" || status=1; \
	done; exit $$status

# The stamps: a set of packages is installed anew only when its lock file has changed, whatever its date says.
.PHONY: FORCE
$(VENV)/requirements $(VENV)/requirements-dev: FORCE
	@PYTHON="$(PYTHON)" .ci/install "$(VENV)" "$(notdir $@).txt"
