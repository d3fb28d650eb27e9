{{- /* Takes {root, name}: the annotations by which Dapr's injector adds the sidecar. */ -}}
{{- define "todo.sidecar" -}}
{{- $sidecar := .root.Values.sidecar -}}
{{- $secrets := .root.Values.secrets -}}
dapr.io/enabled: "true"
dapr.io/app-id: {{ .name }}
dapr.io/app-port: "8080"
dapr.io/config: todo-config
dapr.io/api-token-secret: {{ $secrets.daprApiToken }}
dapr.io/app-token-secret: {{ $secrets.appToken }}
# Starts before the service and ends after it, so that its last events still go out.
dapr.io/enable-native-sidecar: "true"
dapr.io/graceful-shutdown-seconds: "10"
# Secrets of components are resolved by Dapr's operator: the sidecar needs no rights in the cluster.
dapr.io/disable-builtin-k8s-secret-store: "true"
dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
dapr.io/sidecar-cpu-request: {{ $sidecar.cpuRequest }}
dapr.io/sidecar-memory-request: {{ $sidecar.memoryRequest }}
dapr.io/sidecar-memory-limit: {{ $sidecar.memoryLimit }}
dapr.io/env: GOMEMLIMIT={{ $sidecar.goMemLimit }}
dapr.io/sidecar-liveness-probe-delay-seconds: "30"
dapr.io/sidecar-readiness-probe-delay-seconds: "0"
dapr.io/sidecar-readiness-probe-period-seconds: "1"
# A sidecar that loads a changed Configuration or Resiliency anew, all at the same time, is back before this many.
dapr.io/sidecar-readiness-probe-threshold: "5"
dapr.io/log-as-json: "true"
dapr.io/log-level: {{ $sidecar.logLevel }}
dapr.io/enable-metrics: "true"
dapr.io/metrics-port: "9090"
{{- end }}
