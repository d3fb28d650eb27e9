# The image and a cluster on this machine; included by the Makefile. CONTEXT, IMAGE, BROKER, NAMESPACE, API_PORT.
.PHONY: image minikube-up minikube-check minikube-down check-deploy test-cluster

##@ Clusters
image: ## Build the container image (TAG=todo:local)
	@docker build -t $(or $(TAG),todo:local) .

minikube-up: node_modules/.installed ## Bring all of it up on minikube, or on CONTEXT=… with IMAGE=…
	@$(NODE) deploy/minikube/minikube.ts up

minikube-check: node_modules/.installed ## See the whole story work in that cluster, in under a minute
	@$(NODE) deploy/minikube/minikube.ts check

minikube-down: node_modules/.installed ## Remove the product and its data from that cluster
	@$(NODE) deploy/minikube/minikube.ts down

check-deploy: node_modules/.installed ## Render the chart with every switch, and check what comes out
	@$(NODE) scripts/check-deploy.ts

test-cluster: node_modules/.installed ## Rollouts, deaths and outages in the cluster that minikube-up has made
	@$(NODE) scripts/test-cluster.ts

# The chart belongs to the stack: where its tools are, it is rendered too.
test-stack: render-chart
.PHONY: render-chart
render-chart: node_modules/.installed
	@$(NODE) scripts/check-deploy.ts --if-tools
