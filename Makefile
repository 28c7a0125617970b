# Commands for pydb.  `make` without a target prints the targets; DB=<url> chooses the database.
#
# The first use creates .venv with venv and pip.  `make run` installs only what the program needs, and most
# other targets install everything that development needs.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?= -n 2 --dist loadgroup

# $(value) keeps a `$` in the URL.  Recipes start with @, so that make never prints a password.
ifdef DB
export DATABASE_URL := $(value DB)
endif

# The tests start many programs, so Python's compiled files are kept until `make clean`.
unexport PYTHONDONTWRITEBYTECODE

# A server needs a driver.  SQLite needs none, so that the default set-up is small.
DRIVER := $(if $(filter postgresql%,$(DATABASE_URL)),postgresql)$(if $(filter mariadb% mysql%,$(DATABASE_URL)),mariadb)
COMMA := ,
RUN := $(VENV)/.installed-check$(DRIVER:%=-%)
PROVE := $(VENV)/.installed-prove$(DRIVER:%=-%)
SITE := $(VENV)/.installed-site$(DRIVER:%=-%)
DEV := $(VENV)/.installed-dev

.PHONY: help run test test-deep test-clusters lint format generate check prove site bench query migrate reset clean

help: ## Print this list
	@echo "Usage: make <target> [DB=<url>]     (default database: sqlite:///blog.db)"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile
	@echo "Servers: DB=postgresql+psycopg://user:password@host/name  DB=mariadb+pymysql://user:password@host/name"

run: $(RUN) ## Run the sample program, which shows what each statement returns
	@$(BIN)/python -m pydb.sample.tour

query: $(RUN) ## Run one statement: make query NAME=users.by_id ARGS="id=1"
	@test -n "$(NAME)" || { echo 'Which statement?  make query NAME=users.by_id ARGS="id=1"   (names: $(BIN)/pydb list)' >&2; exit 2; }
	@$(BIN)/pydb run $(NAME) $(ARGS)

migrate: $(RUN) ## Apply the sample's migrations to a database: make migrate DB=sqlite:///other.db
	@$(BIN)/pydb migrate $(ARGS)

reset: $(RUN) ## Drop the schema's tables and create them again: all rows are lost
	@$(BIN)/pydb schema reset --yes

test: $(DEV) ## Run the quick tests
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not deep and not clusters"

test-deep: $(DEV) ## Run the slow tests, and the property tests with many examples
	@HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-thorough} $(BIN)/python -m pytest $(PYTEST_ARGS) -m "(deep or hypothesis) and not clusters"

test-clusters: PART := clusters
test-clusters: $(DEV) ## Run the tests on poolers, standbys and Galera; PART=smoke runs a few of them
	@sh tests/clusters/install.sh || echo "There is no PgBouncer that supports prepared statements: its tests are skipped." >&2
	@$(BIN)/python -m pytest $(PYTEST_ARGS) -m "$(PART)" tests/clusters

lint: $(DEV) ## Lint the SQL and the Python code, and check the types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pydb lint

format: $(DEV) ## Format the Python code, but not the SQL
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

generate: $(RUN) ## Write the sample's typed package from its SQL
	@$(BIN)/pydb generate

check: lint ## Lint, check the sample's statements and run the quick tests, as CI does before `make test-deep`
	@$(BIN)/pydb generate --check --no-cache
	@$(BIN)/pydb check --no-cache
	@$(BIN)/pydb migrate check
	@$(MAKE) --no-print-directory test

prove: $(PROVE) ## Call every statement and compare the results of the engines: make prove [DB=<url>] [NAME=users]
	@$(BIN)/pydb prove $(NAME) $(if $(DB),--db "$$DATABASE_URL") $(ARGS)

site: $(SITE) ## Write the sample's site to site/: make site [DB=<url>] [ARGS="--prove"]
	@$(BIN)/pydb site site --callers pydb/sample $(if $(DB),--db "$$DATABASE_URL") $(ARGS)

bench: $(VENV)/.installed-dev-bench ## Compare the speed with drivers and other libraries, and write docs/benchmarks.md
	@$(if $(DB),BENCH_URL="$$DATABASE_URL") $(BIN)/python -m bench --write $(ARGS)

clean: ## Remove .venv, caches and build results; databases stay
	@rm -rf $(VENV) .pydb_cache .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed-%: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "pydb needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) -V 2>&1).  Try: make PYTHON=python3.12 ..." >&2; exit 2; }
	@echo "Setting up $(VENV), because this is the first use or pyproject.toml has changed: this may take some minutes ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
		{ echo "python -m venv failed.  On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@{ PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off \
		--editable '.[$(subst -,$(COMMA),$*)]' 2>&1 || echo "pip failed"; } | tee $(VENV)/pip.log | \
		while IFS= read -r line; do case $$line in \
			"Collecting "*) line=$${line#Collecting }; echo "  $${line%% (from *}" ;; \
			"Installing collected packages"*) echo "  installing them ..." ;; \
			"pip failed") cat $(VENV)/pip.log >&2; exit 1 ;; \
		esac; done
	@touch $@
