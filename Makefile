# make demo    what spiker does, end to end, on scikit-learn's digits
# make test    lint and tests; installs the simulators and the browser that they need
# make help    all targets

PYTHON ?= python3
WORKERS ?= 2
CAMPAIGN ?= --first 1 --count 5000 --workers $(WORKERS)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# the environment's programs before the system's, absolute so that it holds in any folder
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help demo test test-slow campaign lint bench area prove diagrams clean

help:
	@echo "make demo       train, convert and cosimulate a small network"
	@echo "make test       lint, then all tests but the slow ones"
	@echo "make test-slow  the tests that take minutes, then the campaign"
	@echo "make campaign   5,000 random networks in golden model, MyHDL and GHDL; goes on where it stopped"
	@echo "make lint       ruff, mypy, import-linter"
	@echo "make bench      speed of training, models, simulators and conversion; what each option of the hardware costs"
	@echo "make area       LUTs and block RAMs of the MNIST accelerator, and of a recurrent one"
	@echo "make prove      proofs about neurons and streams, and the faults that they catch"
	@echo "make diagrams   the timing diagrams in docs/blocks, from the simulation"
	@echo "make clean      remove everything that can be made again"

demo: $(VENV)/.train
	@sh scripts/install-programs.sh --if-possible ghdl
	$(BIN)/spiker demo

test: lint
	@sh scripts/install-programs.sh ghdl iverilog verilator chromium
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

test-slow: $(VENV)/.dev
	@sh scripts/install-programs.sh ghdl iverilog verilator
	$(BIN)/python -m pytest -m slow
	$(RUN_CAMPAIGN)

# a journal of other code is put aside
RUN_CAMPAIGN = $(BIN)/python -m cosim.campaign --folder campaign --regressions tests/regressions --other-code restart $(CAMPAIGN)

campaign: $(VENV)/.dev
	@sh scripts/install-programs.sh ghdl
	$(RUN_CAMPAIGN)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	@sh scripts/install-programs.sh ghdl
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/options.py

area: $(VENV)/.dev
	@sh scripts/install-programs.sh ghdl iverilog
	$(BIN)/python benchmarks/area.py

prove: $(VENV)/.dev
	@sh scripts/install-programs.sh ghdl
	$(BIN)/python -m cosim.proofs

diagrams: $(VENV)/.dev
	$(BIN)/python scripts/draw_diagrams.py

clean:
	rm -rf $(VENV) build dist demo campaign *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find spiker hw sw cosim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: an environment that is up to date is not touched again.

$(VENV)/.created:
	@sh scripts/create-environment.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.train: $(VENV)/.created setup.cfg pyproject.toml constraints.txt
	@echo "installing spiker with PyTorch into $(VENV)"
	@$(PIP) --editable '.[train]'
	@touch $@

# holds all that .train holds
$(VENV)/.dev: $(VENV)/.created setup.cfg pyproject.toml constraints.txt
	@echo "installing spiker and the tools that develop it into $(VENV)"
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.train
