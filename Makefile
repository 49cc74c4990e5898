# Every task of a maintainer. Needs Rust, a C compiler, Python 3.10 or newer and make; works from a fresh clone.
# Environment variables: PYTHON, VENV, CARGO_TARGET_DIR, PORT (of the local stack, 4566).

PYTHON ?= python3
VENV ?= .venv
CARGO_DENY_VERSION := 0.20.2
DYNOXIDE_VERSION := 3.2.0

REQUIREMENTS := infra/local/requirements.txt
BIN := $(abspath $(VENV))/bin
# What npm installs in a folder, by the lock file there. npm writes the file last.
RENDERER := functions/platform/docs/node_modules/.package-lock.json
TYPESCRIPT := infra/clients/typescript/node_modules/.package-lock.json
BROWSER := tests/page/node_modules/.package-lock.json
CLIENTS := infra/clients/typescript/generated/assay.ts
LOCAL := PYTHONPATH=infra PATH="$(BIN):$$PATH" $(BIN)/python -m local
export SAM_CLI_TELEMETRY := 0
export REDOCLY_TELEMETRY := off
export REDOCLY_SUPPRESS_UPDATE_NOTICE := true
export AWS_DEFAULT_REGION ?= us-east-1

.DEFAULT_GOAL := help
.PHONY: help renderer up down logs watch clients openapi test fuzz check bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

renderer: $(RENDERER) ## fetch what the function docs-page is built with, which the targets below do by themselves

up: $(VENV)/.ready $(RENDERER) ## build, start the local stack, deploy template.yaml to it, load demo account and sample data
	@$(LOCAL) up

down: $(VENV)/.ready ## stop the local stack and discard its data
	@$(LOCAL) down

logs: $(VENV)/.ready ## follow the logs of MiniStack and the functions
	@$(LOCAL) logs

watch: $(VENV)/.ready $(RENDERER) ## serve the HTTP functions on :9000, rebuilt on every change, against the stack of `make up`
	@$(LOCAL) watch

clients: $(CLIENTS) ## generate the Python and TypeScript clients into infra/clients from docs/openapi.json

openapi: ## write docs/openapi.json from the code
	cargo run --quiet -p describe

test: $(VENV)/.ready $(RENDERER) $(BROWSER) $(CLIENTS) ## run all tests on a temporary stack (some: ARGS="--test it score_bulk::")
	@$(LOCAL) test -- $(ARGS)

fuzz: $(VENV)/.ready ## fuzz each parser for TIME seconds (20), guided by coverage (some: ONLY="csv json")
	@TIME="$(TIME)" $(LOCAL) fuzz -- $(ONLY)

check: $(VENV)/.ready $(RENDERER) $(TYPESCRIPT) $(VENV)/bin/cargo-deny ## check format, lints, licences, crate layering, template.yaml and openapi.json
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	$(BIN)/cargo-deny --workspace --log-level error check --hide-inclusion-graph bans licenses sources
	$(BIN)/sam validate --lint --template-file template.yaml
	$(BIN)/cfn-lint template.yaml
	$(BIN)/openapi-spec-validator docs/openapi.json
	$(BIN)/node infra/clients/typescript/node_modules/@redocly/cli/bin/cli.js lint --extends recommended-strict --skip-rule operation-2xx-response docs/openapi.json # a redirect's success is 302; a test holds the rest

bench: $(VENV)/.ready $(RENDERER) ## run the benchmarks, and write tests/bench/RESULTS.md (some: ONLY="cold warm"; what they need: ONLY=--list)
	@$(LOCAL) bench -- $(ONLY)

clean: down ## stop the local stack, and remove everything that make created except cargo's target directory
	rm -rf .local $(VENV) $(dir $(RENDERER) $(BROWSER) $(TYPESCRIPT) $(CLIENTS)) infra/clients/python/assay_client

$(VENV)/.ready: $(REQUIREMENTS)
	@$(PYTHON) infra/local/bootstrap.py $(VENV) $(REQUIREMENTS)

# The Python client is made with it.
$(CLIENTS): docs/openapi.json infra/clients/python/config.yaml $(TYPESCRIPT)
	@$(LOCAL) clients

%/node_modules/.package-lock.json: %/package.json %/package-lock.json | $(VENV)/.ready
	@$(LOCAL) npm $*

# The release on PyPI is too old for our lock file. Unoptimised: it runs for a second, and compiles in one minute instead of five.
$(VENV)/bin/cargo-deny: | $(VENV)/.ready
	env -u CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG=0 \
		cargo install --quiet --locked --profile dev --no-default-features --version $(CARGO_DENY_VERSION) --root $(VENV) cargo-deny

# The quick DynamoDB of the benchmarks, for sections that need it (infra/local/verify.py). Optimised: its time is part of what they measure.
$(VENV)/bin/dynoxide: | $(VENV)/.ready
	env -u CARGO_TARGET_DIR cargo install --quiet --locked --no-default-features --features native-sqlite,http-server,cli \
		--version $(DYNOXIDE_VERSION) --root $(VENV) dynoxide-rs
