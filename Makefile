# Bare `make` lists what one can do. Debian and Ubuntu; for Windows and macOS see the README.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install system system-test demo window test lint types check-imports unit test-long screenshots guide bench lock clean

help: ## liste des commandes
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

system:
	@sh scripts/system_packages.sh run

system-test:
	@sh scripts/system_packages.sh run test

$(VENV)/ready: requirements.lock pyproject.toml | system
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

install: $(VENV)/ready ## installe le programme dans .venv

demo: $(VENV)/ready ## le travail entier sur un cas d’exercice, dans build/demo/
	@rm -rf build/demo
	$(BIN)/hro-desktop demo --out build/demo

window: $(VENV)/ready ## ouvre la fenêtre
	$(BIN)/hro-desktop-window

test: system-test $(VENV)/ready lint types check-imports unit ## tout ce que l’intégration vérifie

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

check-imports: $(VENV)/ready
	$(BIN)/lint-imports

unit: $(VENV)/ready
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-long: system-test $(VENV)/ready ## les pannes et les dommages en grand nombre, une heure environ
	HRO_LONG=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n $(JOBS) --dist load -m long --timeout=7200 -o faulthandler_timeout=0 \
	  -o junit_family=xunit1 --junitxml=build/test-long.xml tests

screenshots: $(VENV)/ready ## images de la fenêtre, dans build/screenshots/
	QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/screenshots.py

guide: $(VENV)/ready ## refait docs/guide/ : l’aide avec des images
	QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/guide.py

bench: $(VENV)/ready ## mesures comparées, voir docs/benchmarks.md
	$(BIN)/python scripts/bench.py

lock: $(VENV)/ready ## refait requirements.lock (demande uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --extra dev --no-header \
	  pyproject.toml -o requirements.lock

clean: ## enlève ce qui a été produit
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
