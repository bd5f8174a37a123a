# Everything happens in .venv, which is made once and brought up to date only when pyproject.toml
# has changed: from the second time on nothing is downloaded.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
# The tests start hundreds of processes: what one of them compiled, the next one needs not.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run test test-apart test-rest test-engine test-oldest check fix bench bench-engine

# The system's own Python if it is new enough, or the one that is named: make run PYTHON=python3.13
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Ready-made wheels alone: what has to be built wants a compiler, which a new machine has not.
INSTALL := $(PIP) install --only-binary=:all:
# Of the system, what the tests drive: a browser (Debian's name first), curl, and node.
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
MISSING := $(strip $(if $(CHROMIUM),,chromium) $(foreach name,curl npm,$(shell command -v $(name) >/dev/null || echo $(name))))
# A token in the environment or in .env, or the name of a file that holds one.
CHAT := (DISCORD_TOKEN|SLACK_BOT_TOKEN)(_FILE)?=[^[:space:]]
MODERATION := $(shell grep -qsE '^[[:space:]]*(export )?$(CHAT)' <(env) .env && echo $(VENV)/.moderation)

help: ## what can be done here
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

run: $(VENV)/.run $(MODERATION) ## start the bot and say which page to open
	@exec $(BIN)/limner run

test: $(VENV)/.test $(VENV)/.clients ## run the tests, in two halves side by side
	@$(MAKE) --no-print-directory --jobs=2 --keep-going test-apart test-rest

# They start processes by the hundred, to kill bots or to plant bugs, and mostly wait for the next
# one. Their output comes in one piece, when they are done.
APART := $(wildcard $(foreach name,kill planted,tests/*/test_*$(name)*.py tests/*/*/test_*$(name)*.py))

test-apart: $(VENV)/.test
	@$(BIN)/python -m pytest $(APART) >$(VENV)/apart.log 2>&1 && status=0 || status=$$?
	cat $(VENV)/apart.log
	exit $$status

test-rest: $(VENV)/.test
	@$(BIN)/python -m pytest $(APART:%=--ignore=%)

test-engine: $(VENV)/.engine ## run the tests of the engine; installs torch
	@$(BIN)/python -m pytest tests/bot/engine/with_torch

test-oldest: ## run the tests with the oldest libraries that are allowed, in an environment of their own
	@PYTHON=$(PYTHON) .ci/oldest $(ARGS)

check: $(VENV)/.check ## look for mistakes without running anything
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(VENV)/.check ## mend what can be mended automatically
	@$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.test ## measure; see docs/benchmarks.md
	@for each in ledger start deliveries overhead life discord slack moderation typing; do
		echo "== $$each"
		$(BIN)/python -m "benchmarks.$$each"
	done

bench-engine: $(VENV)/.engine ## measure the engine on this machine's GPU, or a tiny model on its CPU
	@$(BIN)/python -m benchmarks.engine $(ARGS)

$(VENV)/.run: $(VENV)/.made pyproject.toml
	@echo "Installing what Limner needs into $(VENV) ..."
	$(INSTALL) --editable .
	touch $@

# Strangers draw in chat, so somebody has to look: a classifier, where a chat token is set.
$(VENV)/.moderation: $(VENV)/.run
	@echo "Installing what looks at pictures into $(VENV) ..."
	$(INSTALL) --editable '.[moderation]'
	touch $@

$(VENV)/.test: $(VENV)/.run
	@echo "Installing what the tests need into $(VENV) ..."
	$(INSTALL) --editable '.[test]'
	touch $@

$(VENV)/.system: $(VENV)/.test
	@$(if $(MISSING),$(call apt_install,$(MISSING)))
	# Playwright brings a node of its own, but not the library that this one needs.
	if ! $(BIN)/playwright --version >/dev/null 2>&1; then
		$(call apt_install,libatomic1)
	fi
	touch $@

# The API's official client for node, which the tests run against the API of our own.
$(VENV)/.clients: $(VENV)/.system
	@echo "Installing the API's client for node into $(VENV)/node ..."
	mkdir -p $(VENV)/node
	npm install --ignore-scripts --prefix $(VENV)/node --no-package-lock --no-audit --no-fund --silent deepinfra@2.0.2
	touch $@

# One version of torch for everyone: what its kernels round decides whether pictures are equal.
TORCH := torch==2.13.0

$(VENV)/.engine: $(VENV)/.test
	@echo "Installing torch and what the engine needs into $(VENV) ..."
	$(INSTALL) $(TORCH)
	$(INSTALL) --editable '.[test,engine]'
	touch $@

# The types of the tests' libraries are checked, too.
$(VENV)/.check: $(VENV)/.test
	@echo "Installing what the checks need into $(VENV) ..."
	$(INSTALL) --editable '.[test,check]'
	touch $@

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then
		echo "Limner needs Python 3.11 or newer. Install it, or name one: make run PYTHON=/path/to/python" >&2
		exit 1
	fi
	if ! $(PYTHON) -c 'import venv, ensurepip' 2>/dev/null; then
		echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2
		exit 1
	fi
	$(PYTHON) -m venv $(VENV)
	touch $@

# The system's packages $(1), for the tests.
define apt_install
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "Installing $(1) for the tests ..."
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(1) >/dev/null
	else
		echo "The tests need $(1). On Debian: sudo apt-get install $(1)" >&2
		exit 1
	fi
endef
