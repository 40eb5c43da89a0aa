# Tiger Tally. `make` alone lists what can be made.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format bench bench-faces interop nightly fuzz lock docs clean

help:  ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: .venv/.run build/photos/.done  ## virtual environment with the locked dependencies, and the sample photographs

demo: setup  ## the whole story on this machine: enrol, issue, present, verify, revoke (ARGS=--stay keeps the pages open)
	@$(BIN)/python -m examples.demo $(ARGS)

test: test-setup check  ## every check and every test, two at a time (ARGS="-n 0" for one at a time)
	$(BIN)/pytest -n 2 --dist loadfile $(ARGS)

check: .venv/.test  ## format, lint, types, the floors, unused dependencies
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: .venv/.test  ## put every file into the one format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

interop: test-setup  ## only the tests with other people's libraries on the other side
	$(BIN)/pytest tests/interop $(ARGS)

bench: test-setup  ## ours / floor and ours / peer for every operation, side by side in one run
	$(BIN)/python -m tests.bench $(ARGS)

bench-faces: setup  ## true and false face matches on a set of pairs (PAIRS=..., PICTURES=...)
	$(BIN)/python -m proofing.measure $(or $(PAIRS),../shared/faces/pairs.csv) --pictures $(or $(PICTURES),../shared/faces) $(ARGS)

nightly: test-setup  ## the long runs: many kills, many races, many generated inputs
	TIGERTALLY_AMOUNT=nightly $(BIN)/pytest -n 2 --dist loadfile $(ARGS)

fuzz: test-setup  ## generated hostile input against every parser (SECONDS=60 each)
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(ARGS)

docs: .venv/.run  ## write docs/errors.md anew from the refusals and their words
	$(BIN)/python -m tests.errors_page > docs/errors.md

lock:  ## resolve the dependencies anew into locks/ (needs uv)
	uv pip compile pyproject.toml --extra faces --extra build --override locks/overrides.txt --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -o locks/run.lock
	uv pip compile pyproject.toml --extra faces --extra build --extra test --override locks/overrides.txt --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c locks/run.lock -o locks/test.lock

clean:  ## remove everything that was built here
	rm -rf .venv build dist tests/interop/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

.PHONY: test-setup
test-setup: .venv/.test build/photos/.done
	@tools/test-setup

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tiger Tally needs Python 3.11 or newer; found " + sys.version.split()[0])'
	@echo "setup: making the virtual environment .venv"
	@$(PYTHON) -m venv .venv

# The lock holds dlib-bin in place of dlib, which would compile for a quarter of an hour: hence --no-deps.
.venv/.run: locks/run.lock pyproject.toml | .venv/bin/python
	@echo "setup: installing the locked dependencies (about a minute the first time)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/run.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: locks/test.lock .venv/.run
	@echo "setup: installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/test.lock
	@touch $@

# The source distribution of face_recognition carries the sample photographs; it is fetched by name, version and hash.
build/photos/.done: locks/photos.lock .venv/.run
	@echo "setup: fetching the sample photographs"
	@mkdir -p build/photos
	@$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-binary face-recognition --require-hashes -r locks/photos.lock -d build/photos
	@touch $@
