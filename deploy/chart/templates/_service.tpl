{{- /* Takes {root, name}: account, Deployment and disruption budget of one service. */ -}}
{{- define "todo.service" -}}
{{- $root := .root -}}
{{- $name := .name -}}
{{- $service := index $root.Values $name -}}
{{- $scaled := or (dig "autoscaling" "enabled" false $service) (dig "keda" "enabled" false $service) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ $name }}
  labels: {{- include "todo.labels" $root | nindent 4 }}
automountServiceAccountToken: false
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels:
    app.kubernetes.io/name: {{ $name }}
    {{- include "todo.labels" $root | nindent 4 }}
spec:
  {{- if not $scaled }}
  replicas: {{ $service.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  selector:
    matchLabels: {{- include "todo.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        app.kubernetes.io/part-of: todo
        {{- include "todo.selector" . | nindent 8 }}
      annotations:
        kubectl.kubernetes.io/default-container: {{ $name }}
        {{- if $root.Values.events.enabled }}
        {{- include "todo.sidecar" . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ $name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $root.Values.terminationGracePeriodSeconds }}
      securityContext: {{- include "todo.podSecurity" $root | nindent 8 }}
      {{- with $root.Values.image.pullSecrets }}
      imagePullSecrets: {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "todo.selector" $ | nindent 14 }}
        {{- end }}
      containers:
        - name: {{ $name }}
          image: {{ include "todo.image" $root }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [dist/{{ $name }}/main.js]
          ports:
            - { name: http, containerPort: 8080, protocol: TCP }
          env: {{- include "todo.env" . | nindent 12 }}
          {{- include "todo.probes" $root | nindent 10 }}
          resources: {{- toYaml $service.resources | nindent 12 }}
          securityContext: {{- include "todo.containerSecurity" $root | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 64Mi }
{{- if gt (int (include "todo.leastReplicas" .)) 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "todo.labels" $root | nindent 4 }}
spec:
  maxUnavailable: 1
  # A pod that is broken anyway must not hold up its node.
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels: {{- include "todo.selector" . | nindent 6 }}
{{- end }}
{{- end }}

{{- /* Takes {root, name}: the variables of .env.example. */ -}}
{{- define "todo.env" -}}
{{- $values := .root.Values -}}
{{- $secrets := $values.secrets -}}
- { name: HOST, value: 0.0.0.0 }
- { name: PORT, value: "8080" }
- { name: LOG_LEVEL, value: {{ $values.logLevel }} }
{{ include "todo.fromSecret" (dict "name" "DATABASE_URL" "secret" $secrets.database "key" "url") }}
{{- if $values.publicUrl }}
- { name: PUBLIC_URL, value: {{ $values.publicUrl | quote }} }
{{- end }}
{{- if $values.tracing.endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ $values.tracing.endpoint | quote }} }
- { name: OTEL_TRACES_SAMPLER_ARG, value: {{ $values.tracing.samplingRate | quote }} }
{{- end }}
{{- if $values.events.enabled }}
- { name: DAPR_HTTP_PORT, value: "3500" }
{{- if and (ne .name "server") $values.sidecar.restart }}
- { name: SIDECAR_RESTART, value: "1" }
{{- end }}
{{ include "todo.fromSecret" (dict "name" "DAPR_API_TOKEN" "secret" $secrets.daprApiToken "key" "token") }}
{{ include "todo.fromSecret" (dict "name" "APP_API_TOKEN" "secret" $secrets.appToken "key" "token") }}
{{- end }}
{{- if has .name (list "server" "notifier") }}
{{ include "todo.fromSecret" (dict "name" "SECRETS_KEY" "secret" $secrets.sealing "key" "key" "optional" true) }}
{{ include "todo.fromSecret" (dict "name" "SECRETS_KEY_PREVIOUS" "secret" $secrets.sealing "key" "previous" "optional" true) }}
{{- end }}
{{- if eq .name "server" }}
- { name: DRAIN_MS, value: {{ $values.server.drainMs | quote }} }
{{- with $values.server.metrics.from | default (ternary "private" "" $values.observability.enabled) }}
- { name: METRICS_FROM, value: {{ . | quote }} }
{{- end }}
{{- with $values.server.metrics.tokenSecret }}
{{ include "todo.fromSecret" (dict "name" "METRICS_TOKEN" "secret" . "key" "token") }}
{{- end }}
{{ include "todo.fromSecret" (dict "name" "JWT_SECRET" "secret" $secrets.jwt "key" "secret") }}
{{ include "todo.fromSecret" (dict "name" "JWT_SECRET_PREVIOUS" "secret" $secrets.jwt "key" "previous" "optional" true) }}
{{ include "todo.fromSecret" (dict "name" "SENDGRID_WEBHOOK_PUBLIC_KEY" "secret" $secrets.providers "key" "SENDGRID_WEBHOOK_PUBLIC_KEY" "optional" true) }}
{{- end }}
{{- if eq .name "notifier" }}
{{- range list "SENDGRID_API_KEY" "SMTP_URL" "FCM_SERVICE_ACCOUNT" }}
{{ include "todo.fromSecret" (dict "name" . "secret" $secrets.providers "key" . "optional" true) }}
{{- end }}
{{- end }}
{{- range $variable, $value := (index $values .name).env }}
- { name: {{ $variable }}, value: {{ $value | quote }} }
{{- end }}
{{- end }}

{{- /*
Alive means that the process answers; ready means that it can serve: its database is there, and for those who live on
events their sidecar too. Kafka is no condition: without it the outbox fills and the API serves on. A startup probe would
be asked once a second and hold the readiness probe back until then, which made every start a second longer; a start that
hangs is ended by the liveness probe, forty seconds after it. The sleep before the stop signal lets every node learn that
nothing more is to be sent here.
*/ -}}
{{- define "todo.probes" -}}
readinessProbe:
  httpGet: { path: /readyz, port: http }
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: 3
livenessProbe:
  httpGet: { path: /healthz, port: http }
  initialDelaySeconds: 20
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 3
lifecycle:
  preStop:
    sleep: { seconds: {{ .Values.preStopSeconds }} }
{{- end }}
