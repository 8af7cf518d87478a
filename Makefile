# `make demo` and `make test` do everything, each on its own and in either order.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check format lock clean

demo: $(READY)
	@bash scripts/demo.sh $(BIN)

# Two tests at a time, each with a core of its own. Where Python is told to keep no compiled
# modules, half of the time of a short run goes into compiling ours.
test: $(READY)
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist worksteal

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# A new environment only where the locked versions or the packages have changed.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; takes a few minutes) ..."
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) not found; name yours: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

# Resolves pyproject.toml anew and writes every version with its hashes.
lock:
	bash scripts/lock.sh $(PYTHON)

clean:
	rm -rf $(VENV) .demo .mypy_cache .pytest_cache .ruff_cache
