# Everything needed is set up on the way: a Debian with python3 and make is enough. `make help` lists the targets.
.DELETE_ON_ERROR:
.PHONY: help demo test faults loops doors policies soak fuzz bench check format lock clean servers
.DEFAULT_GOAL := help

BIN := .venv/bin
ARGS ?=
WORKERS ?= 2
SCALE ?= 1
MINUTES ?= 45
# Debian keeps servers in sbin, which a person's PATH may lack.
export PATH := $(PATH):/usr/local/sbin:/usr/sbin:/sbin
FRAME := pyproject.toml requirements-build.lock scripts/venv scripts/python

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/make \1\t\2/' | expand -t 16

demo: .venv/.demo ## the demo: an embedded mail server, and maild beside it telling a story (ARGS=--once ends after it)
	@$(BIN)/maild demo $(ARGS)

# The catalogue of faults beyond tests/faults, longest first; `make test` plays a small share of all of it.
CATALOGUE := $(addprefix tests/integration/test_,uidvalidity.py outbox_faults.py ingest_faults.py filed_copies.py \
	large_mails.py broken_templates.py bare_aioimaplib.py imap_faults.py reload_storm.py reload.py clock_watch.py) \
	$(addprefix tests/unit/test_,one_mail_one_receiver.py spoilt_rules.py)

test: check servers ## everything that guards the code: ruff, mypy, pytest (ARGS= goes to pytest)
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

faults: .venv/.dev servers ## kills, failing awaits, full disks, a large backlog, at full scale: up to an hour (SCALE=0.1 for a tenth)
	@mkdir -p build/faults; find build/faults -maxdepth 1 -name '*.json' ! -name soak.json -delete
	@export MAILD_FAULT_SCALE=$(SCALE) MAILD_FAULT_RUN=$$(date +%s); \
	$(BIN)/python -m pytest -s tests/faults $(ARGS); first=$$?; \
	$(BIN)/python -m pytest -n $(WORKERS) --durations=15 $(CATALOGUE) $(ARGS); second=$$?; \
	PYTHONPATH=tests $(BIN)/python -m faults.catalogue; third=$$?; \
	test $$first -eq 0 && test $$second -eq 0 && test $$third -eq 0

loops: .venv/.dev ## loops and floods at full scale: hours on this machine (SCALE=0.01 for a hundredth; SCALE=table for the samples alone)
	@PYTHONPATH=tests $(BIN)/python -m loops $(SCALE)

doors: .venv/.dev ## guessed, forged, changed and swapped references, commands of who may not, at full scale: a quarter of an hour
	@PYTHONPATH=tests $(BIN)/python -m doors $(SCALE)

policies: .venv/.dev ## the desks of examples/: each scenario, and each part of a rules file left out or changed, which one must notice
	@MAILD_FAULT_SCALE=1 $(BIN)/python -m pytest -n $(WORKERS) tests/scenarios/test_examples.py $(ARGS)

soak: .venv/.dev ## the daemon under mixed faults for MINUTES=45
	@MAILD_SOAK_MINUTES=$(MINUTES) MAILD_FAULT_SCALE=1 $(BIN)/python -m pytest -s tests/faults/test_soak.py $(ARGS)

fuzz: .venv/.dev ## hostile mail and mail spoilt by chance for MINUTES=45; what fails is kept in build/fuzz, with the count of all runs
	@PYTHONPATH=tests $(BIN)/python -m fuzz $(MINUTES)

bench: .venv/.dev servers ## how quick and how light it is, on this machine as it is now (ARGS="latency road parts idle reading people timers")
	@PYTHONPATH=tests $(BIN)/python -m bench $(ARGS)

check: .venv/.dev ## ruff and mypy
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

format: .venv/.dev ## put the code in form
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock: ## make the lock files anew (needs uv; ARGS=--upgrade for newer versions)
	@scripts/lock $(ARGS)

clean: ## remove what was made
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find maild tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The servers that the tests run against, and a compiler for disks that fail. Without them tests are skipped, and counted.
servers:
	@scripts/debian-packages dovecot-imapd gcc libc6-dev openssl || echo "going on without: some tests will be skipped"

# The stamps stand for "what this lock file names is installed". The second lock holds the first.
.venv/.demo: requirements.lock $(FRAME)
	@test .venv/.dev -nt requirements-dev.lock -a .venv/.dev -nt pyproject.toml || scripts/venv requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock $(FRAME)
	@scripts/venv requirements-dev.lock
	@touch $@
