# Two commands do all the set-up: `make serve` and `make test`. Both need Python 3.10 to 3.13, make and git.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8001

.PHONY: build serve test lint benchmark constraints clean

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[test]'
	touch $@

build: $(VENV)/installed
	$(BIN)/python build_db.py

serve: build
	$(BIN)/datasette . --host 127.0.0.1 --port $(PORT)

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Half an hour, and 12 GB of disk in the folder that TMPDIR names.
benchmark: $(VENV)/installed
	$(BIN)/python -m benchmarks.build
	$(BIN)/python -m benchmarks.serving

# Pins what the ranges of pyproject.toml give today; run it with the oldest Python that is supported.
constraints:
	$(PYTHON) -m venv --clear build/constraints
	build/constraints/bin/python -m pip install --quiet '.[test,train]'
	build/constraints/bin/python -m pip freeze --exclude forum-comments > constraints.txt

clean:
	rm -rf $(VENV) build comments.db inspect-data.json *.egg-info
