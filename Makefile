# Two commands do all the set-up: `make serve` and `make test`. Both need Python 3.10 to 3.13, make and git.

PYTHON ?= python3
# Datasette's line: 0.65, or 1.0 (its newest alpha), which lives in an environment of its own.
DATASETTE ?= 0.65
ifeq ($(DATASETTE),1.0)
VENV := build/datasette-1.0
CONSTRAINTS := constraints-1.0.txt
TESTS := tests/site tests/publishing
else
VENV := .venv
CONSTRAINTS := constraints.txt
TESTS := tests
endif
BIN := $(VENV)/bin
PORT ?= 8001

.PHONY: build serve publish-dir test lint benchmark constraints clean

$(VENV)/installed: pyproject.toml $(CONSTRAINTS)
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --constraint $(CONSTRAINTS) --editable '.[test]'
	touch $@

build: $(VENV)/installed
	$(BIN)/python build_db.py

serve: build
	$(BIN)/python -m forum_comments.publishing configuration
	$(BIN)/datasette . --host 127.0.0.1 --port $(PORT)

# A folder that any host can serve; see "Publishing" in README.
publish-dir: build
	$(BIN)/python -m forum_comments.publishing folder --datasette $(DATASETTE)

# On as many processors as there are, up to four: each process makes what its own tests share. A file stays in one.
test: lint
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile $(TESTS)

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
	rm -rf .venv build comments.db inspect-data.json datasette.yml *.egg-info
