# The words of the README. Each is a line, or a script in scripts/ that says in its first lines what it does.

.DEFAULT_GOAL := help
.PHONY: help run build fmt check measure bench-login bench-money mutants deny openapi authorization clean-demo setup-tests test test-domain test-application \
	test-infrastructure test-web test-server test-api test-frontend test-browser

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' Makefile

run: ## Build what has changed, and start the shop with its demo catalogue
	@scripts/run.sh

test: ## Run every check and every test (installs what the tests need)
	@scripts/test.sh

check: ## Check style, lints, types and the rules of the house
	@scripts/check.sh

measure: ## Measure start and memory of the release build
	@scripts/measure.sh

bench-login: ## Measure the catalogue while logins flood in
	@scripts/bench-login.sh

bench-money: ## Measure redemptions and orders against pgbench (needs PostgreSQL with pgbench)
	@scripts/bench-money.sh

mutants: ## Change the rules of money in every small way, and tell which no test notices (takes more than an hour)
	@scripts/mutants.sh

authorization: ## Print who may do which operation
	@cargo run --quiet --locked -p web --example authorization

deny: ## Check licences, banned crates and published advisories (needs cargo-deny and the network)
	cargo deny --locked check

test-domain: ## Test the rules (needs nothing but Rust, and seconds)
	cargo test --locked -p domain

test-application: ## Test the use cases, with doubles and on both databases
	@scripts/test-rust.sh 'package(application)'

test-infrastructure: ## Test the adapters, on SQLite, PostgreSQL and Redis
	@scripts/test-rust.sh 'package(infrastructure) + package(migration)'

test-web: ## Test the HTTP API's routes, with doubles of the use cases
	@scripts/test-rust.sh 'package(web)'

test-server: ## Test configuration, composition and the command line
	@scripts/test-rust.sh 'package(server)'

test-api: ## Test the running server from outside, over HTTP
	@scripts/test-rust.sh 'package(api-tests)'

test-frontend: ## Test the apps' units
	@scripts/test-frontend.sh

test-browser: ## Test the apps in a real browser
	@scripts/test-browser.sh

setup-tests: ## Install PostgreSQL, Redis, Chromium and cargo-nextest, where they are missing
	@scripts/setup-tests.sh

build: ## Build the apps and the server as they are shipped
	@scripts/build-frontend.sh
	cargo build --profile dist --locked -p server

fmt: ## Format everything
	cargo fmt --all
	npm --prefix frontend run format

openapi: ## Write the OpenAPI document and the apps' typed client anew
	@scripts/openapi.sh

clean-demo: ## Throw the local database and pictures away; the next `make run` begins anew
	rm -rf data
