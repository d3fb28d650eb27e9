# Everything here runs on the Node that npm installs, so that any Node from 18 on is enough to begin with.
SHELL := /bin/bash
NODE := node_modules/.bin/node
PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)
unexport NODE_EXTRA_CA_CERTS
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

SOURCES := $(shell find cli server notifier recurrer ops shared scripts -name '*.ts' -o -name '*.tsx' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help run build install uninstall check fix test bench chaos clean

##@ Use
run: dist/.built ## Run todo on the embedded system: make run ARGS='add "Pay rent" --tag home'
	@$(NODE) dist/cli/main.js $(ARGS)

install: dist/.built ## Put todo on the PATH (PREFIX=/usr/local or ~/.local)
	@mkdir -p "$(PREFIX)/bin"
	@printf '#!/bin/sh\nexec "%s/$(NODE)" "%s/dist/cli/main.js" "$$@"\n' "$(CURDIR)" "$(CURDIR)" > "$(PREFIX)/bin/todo"
	@chmod 755 "$(PREFIX)/bin/todo"
	@mkdir -p "$(PREFIX)/share/man/man1" && cp dist/man/todo.1 "$(PREFIX)/share/man/man1/todo.1"
	@echo "Installed $(PREFIX)/bin/todo"
	@case ":$$PATH:" in *":$(PREFIX)/bin:"*) ;; *) echo "Add $(PREFIX)/bin to your PATH." ;; esac

uninstall: ## Take todo off the PATH; tasks stay
	@rm -f "$(PREFIX)/bin/todo" "$(PREFIX)/share/man/man1/todo.1"

##@ Develop
build: dist/.built ## Bundle everything into dist/

check: node_modules/.installed ## Lint and types
	@biome check . && tsc --noEmit && echo "No faults in lint and types."

fix: node_modules/.installed ## Format, and mend what lint can mend
	@biome check --write .

test: check dist/.built ## The whole suite that needs nothing but Node, npm and make
	@$(NODE) scripts/test.ts

bench: dist/.built ## Every figure of docs/performance.md, against baselines of the same run
	@for file in bench/*.ts; do echo "== $$file"; $(NODE) "$$file" || exit 1; done

chaos: dist/.built ## Kill the running system under load, again and again; some minutes
	@echo "== the local daemon and its database"; $(NODE) test/chaos/daemon-kills.ts
	@echo "== the server and its database"; $(NODE) test/chaos/server-kills.ts
	@echo "== services, sidecars, Kafka, Redis and Postgres"; $(NODE) --disable-warning=TimeoutNegativeWarning test/chaos/stack-faults.ts

clean: ## Remove what was built and installed here; tasks stay
	@rm -rf dist node_modules .cache

##@ About
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "; print "make TARGET"} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Progress of an installation goes to stderr: stdout is the answer of `make run`.
node_modules/.installed: package.json package-lock.json
	@echo "Installing packages …" >&2
	@npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >&2
	@touch $@

dist/.built: node_modules/.installed $(SOURCES) scripts/build.ts
	@echo "Building …" >&2
	@$(NODE) scripts/build.ts >&2
	@touch $@

-include deploy/local/stack.mk deploy/minikube/minikube.mk deploy/doks/doks.mk
