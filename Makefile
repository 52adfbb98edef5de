# The two commands of the README are `make demo` and `make test`; the rest is for those who work on the product.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: demo test lint format bench soak pictures lock schema clean

demo: $(VENV)/.runtime
	$(PY) manage.py demo $(ARGS)

# Much of what the suite does is waiting for other processes, so there are more workers than processors. They take few
# tests at a time, lest one stands with a queue while the others have nothing left, and enough of them to share the
# world of a module. All of them and their children share the compiled modules, even where the environment asks for
# none to be kept.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.development
	$(PY) -m tests.chromium
	$(PY) -m pytest -n 3 --maxschedchunk 20 $(ARGS)
	$(PY) -m pytest -n 3 --maxschedchunk 20 --database postgres $(ARGS)

lint: $(VENV)/.development
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(VENV)/bin/lint-imports --no-cache
	$(PY) -m mypy .
	$(PY) -m bandit -q -ll -r config missions accreditation stations
	$(VENV)/bin/deptry .
	$(VENV)/bin/djade --check --target-version 5.2 $$(git ls-files '*.html')
	$(PY) manage.py makemigrations --check --dry-run

format: $(VENV)/.development
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

bench: $(VENV)/.development
	$(PY) -m tests.benchmarks

soak: $(VENV)/.development
	$(PY) -m tests.benchmarks.scans_soak
	$(PY) -m tests.benchmarks.load_soak --hours 2
	API_EXAMPLES=100 $(PY) -m pytest tests/config/test_api_fuzz.py
	API_EXAMPLES=100 $(PY) -m pytest --database postgres tests/config/test_api_fuzz.py
	SCOPES=all $(PY) -m pytest tests/journeys/scopes
	FAULT_ROUNDS=50 $(PY) -m pytest --database postgres tests/faults/test_reminder_faults.py

# Asks the demonstration that runs beside it: first, in another terminal, `make demo ARGS=--fresh`.
pictures: $(VENV)/.development
	$(PY) -m tests.pictures $(ARGS)

schema: $(VENV)/.development
	$(PY) manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml
	$(PY) manage.py describe_problems --file docs/problems.md

lock: $(VENV)/.development
	uv export -q --no-emit-project --no-default-groups --all-extras --format requirements.txt -o requirements.txt
	uv export -q --no-emit-project --all-extras --all-groups --format requirements.txt -o requirements-dev.txt

clean:
	rm -rf $(VENV) var

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(VENV)/.development: requirements.txt requirements-dev.txt | $(VENV)/bin/python
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $(VENV)/.runtime $@
