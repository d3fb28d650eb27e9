# The product on DigitalOcean's Kubernetes; included by the Makefile. Settings: deploy/doks/README.md.
.PHONY: doks-plan doks-up doks-check doks-down

##@ DigitalOcean
doks-plan: node_modules/.installed ## Tell what would be made, with its commands and monthly cost; do nothing
	@$(NODE) deploy/doks/doks.ts plan

doks-up: node_modules/.installed ## Make cluster, databases and bus, and install the product
	@$(NODE) deploy/doks/doks.ts up

doks-check: node_modules/.installed ## Look at all of it, from the account to the certificate
	@$(NODE) deploy/doks/doks.ts check

doks-down: node_modules/.installed ## Remove the cluster; keeps the databases unless DATA=delete
	@$(NODE) deploy/doks/doks.ts down
