# The event stack on this machine; included by the Makefile. STACK_PORT moves all its ports, STACK_HOME its folder.
.PHONY: stack-up stack-status stack-down test-stack

##@ Event stack
stack-up: dist/.built ## Run Postgres, Kafka, Redis, the services and their sidecars on loopback
	@$(NODE) --disable-warning=TimeoutNegativeWarning deploy/local/stack.ts up

stack-status: node_modules/.installed ## Tell what of the stack runs, and where
	@$(NODE) deploy/local/stack.ts status

stack-down: node_modules/.installed ## Stop the stack and remove what it made
	@$(NODE) deploy/local/stack.ts down

test-stack: dist/.built ## The same story on the real stack: daprd, Kafka, Redis or Valkey, Postgres, and the faults
	@$(NODE) scripts/test-stack.ts
