# Everything runs in .venv, made on first use from constraints.txt.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS := train,embedded,dev
STORE ?= xstats-store

.DEFAULT_GOAL := help
.PHONY: help demo test calibration bench-stats bench-mission bench-peers gallery docs reference lint format wheel clean

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 13

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip -c constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

demo: .venv/installed ## Set up, run the embedded study (5 seeds, 3 intermediate tasks) and analyze it
	$(BIN)/xstats run --seeds 5 --tasks 3 --store $(STORE)
	$(BIN)/xstats analyze $(STORE) --model mixed

test: .venv/installed ## Set up and run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

calibration: .venv/installed ## Simulate studies of known truth and write docs/calibration.md (hours; goes on after a stop)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks.calibration.run $(ARGS)

bench-stats: .venv/installed ## Time the mixed models beside lme4, glmm and statsmodels (PEERS_PYTHON: one that has glmm)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/stats.py --sizes all --write docs/benchmarks.md $(ARGS)
	@$(MAKE) --no-print-directory bench-mission ARGS=

bench-mission: .venv/installed ## Time `xstats analyze` on XTREME and XTREME-R whole, 3 to 20 seeds, beside lme4's cell-level model
	$(BIN)/python -m benchmarks.mission time --lme4 600 --write docs/benchmarks.md $(ARGS)

.venv-peers/installed: benchmarks/seedpeers/requirements.txt
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r $<
	@touch $@

bench-peers: .venv/installed .venv-peers/installed ## Simulate what other packages find over seeds, and write docs/peers.md (hours; goes on after a stop)
	for bin in $(BIN) .venv-peers/bin; do OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $$bin/python -m benchmarks.seedpeers.run $(ARGS) || exit 1; done
	$(BIN)/python -m benchmarks.seedpeers.page --write

gallery: .venv/installed ## Draw the charts of docs/gallery.md anew from the demo's study
	$(BIN)/xstats chart --all $(STORE) --format svg --out docs/gallery
	$(BIN)/xstats chart leave_one_out $(STORE) --width full --format svg --out docs/gallery

.venv/docs-installed: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

docs: .venv/docs-installed reference ## Build the documents into site/: open site/index.html
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet

reference: .venv/installed ## Write docs/reference anew from the code
	$(BIN)/python -m tools.reference

lint: .venv/installed ## Check style and types
	$(BIN)/ruff check src tests benchmarks tools
	$(BIN)/ruff format --check src tests benchmarks tools
	$(BIN)/mypy

format: .venv/installed ## Apply the style
	$(BIN)/ruff check --fix src tests benchmarks tools
	$(BIN)/ruff format src tests benchmarks tools

wheel: .venv/installed ## Build the wheel into dist/
	$(BIN)/python -m build --wheel

clean: ## Remove the environment and caches; stores and reports stay
	rm -rf .venv .venv-peers build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis
