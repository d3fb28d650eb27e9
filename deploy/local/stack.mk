# The event stack on this machine; included by the Makefile. STACK_PORT moves all its ports, STACK_HOME its folder.
stack-up: build ## Run Postgres, Kafka, Redis, the services and their sidecars on loopback
	@$(NODE) deploy/local/stack.ts up

stack-status: ## Tell what of the stack runs and where
	@$(NODE) deploy/local/stack.ts status

stack-down: ## Stop the stack and remove what it made
	@$(NODE) deploy/local/stack.ts down

test-stack: build ## Test on the real stack: daprd, Kafka, Redis or Valkey, Postgres
	@$(NODE) scripts/test-stack.ts

.PHONY: stack-up stack-status stack-down test-stack
