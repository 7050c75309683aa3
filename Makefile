# hami-dra. `make` alone lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON_VENV := .venv/.complete
BIN := .venv/bin
C_COMPILER := build-essential
CROSS_COMPILER := gcc-aarch64-linux-gnu libc6-dev-arm64-cross
LOCKS := requirements/uv.txt requirements/runtime.txt requirements/dev.txt

.PHONY: help demo demo-down test check native proof cuda gpu-check bench bench-native bench-driver bench-node bench-webhook bench-scheduler format generate lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(PYTHON_VENV) ## a local Kubernetes with simulated cards, pods that share them, and the proof that limits hold (root)
	@$(BIN)/python -m hack.demo up

demo-down: $(PYTHON_VENV) ## stop the demo; nothing stays but the cache (root)
	@$(BIN)/python -m hack.demo down

test: native cuda ## every test that needs no GPU (the tiers with a real Kubernetes need root)
	@if [ "$$(id -u)" = 0 ]; then hack/packages $(CROSS_COMPILER) && hack/cluster build; fi
	@$(BIN)/pytest -n 3 --no-loadscope-reorder

check: $(PYTHON_VENV) ## format, lint, types, imports, unit tests, generated files: before each commit
	@hack/packages $(C_COMPILER)
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/ruff check --quiet
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo
	@$(BIN)/python -m hack.generate --check
	@$(BIN)/python -m hack.cuda check
	@$(BIN)/pytest -q tests/unit

native: $(PYTHON_VENV) ## the interceptor and the simulated driver: build/
	@hack/packages $(C_COMPILER)
	@$(MAKE) --silent -C native

cuda: $(PYTHON_VENV) ## fetch CUDA's headers and runtimes, which the manifest of driver functions is compared with (11 MB, kept)
	@$(BIN)/python -m hack.cuda fetch

proof: native ## the accounting in every order and killed at any instruction, on the objects that ship
	@$(MAKE) --silent -C native proof

gpu-check: native ## what holds on a real GPU, written into docs/measurements.md; ends with 77 where there is none
	@$(BIN)/python -m hack.gpu_check --write

bench: native ## what it costs, against peers in the same run (root)
	@$(BIN)/python -m hack.bench

bench-native: native ## what the interceptor costs: bookkeeping, and the start of programs
	@$(MAKE) --silent -C native bench

bench-driver: native ## the driver beside Kubernetes' own Go driver of its tests (root; builds that one first, once)
	@$(BIN)/python -m hack.driver_bench

bench-node: native ## how soon a changed limit is in force, and what looks at shares cost (root or user namespaces)
	@$(BIN)/python -m hack.node_bench

bench-webhook: $(PYTHON_VENV) ## the webhook beside the same conversion in Go (builds that one first, once)
	@$(BIN)/python -m hack.webhook_bench

bench-scheduler: $(PYTHON_VENV) ## what claims cost the stock scheduler at 100 nodes of 8 cards (root)
	@hack/cluster build
	@$(BIN)/python -m hack.bench_scheduler

format: $(PYTHON_VENV) ## format the Python code
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

generate: $(PYTHON_VENV) ## write all generated files anew
	@hack/packages $(C_COMPILER)
	@$(BIN)/python -m hack.generate

lock: $(PYTHON_VENV) ## resolve the dependencies anew and lock them with hashes
	@echo "$$($(BIN)/uv --version | sed 's/uv \([0-9.]*\).*/uv==\1/')" | $(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header - -o requirements/uv.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 --extra dev pyproject.toml -o requirements/dev.txt

clean: ## remove what was built here (the cache of the local cluster stays)
	@rm -rf build .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.PHONY: .venv
.venv: $(PYTHON_VENV)

$(PYTHON_VENV): $(LOCKS) hack/venv
	@hack/venv
