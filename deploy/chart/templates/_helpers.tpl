{{- define "todo.labels" -}}
app.kubernetes.io/part-of: todo
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- /* Takes {root, name}: what never changes of a service's pods. */ -}}
{{- define "todo.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "todo.image" -}}
{{- $image := .Values.image -}}
{{- if eq $image.tag "latest" -}}
{{ fail "image.tag is latest, which moves and cannot be rolled back: name a version" }}
{{- end -}}
{{- if $image.digest -}}
{{ $image.repository }}@{{ $image.digest }}
{{- else -}}
{{ $image.repository }}:{{ $image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- define "todo.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "todo.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end }}

{{- /* Takes {name, secret, key, optional}. */ -}}
{{- define "todo.fromSecret" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef: { name: {{ .secret }}, key: {{ .key }}{{ if .optional }}, optional: true{{ end }} }
{{- end }}

{{- /* Takes {root, name}: whether the service runs. Without events only the server does. */ -}}
{{- define "todo.runs" -}}
{{- $service := index .root.Values .name -}}
{{- if and $service.enabled (or (eq .name "server") .root.Values.events.enabled) -}}yes{{- end -}}
{{- end }}

{{- /* Takes {root, name}: the most replicas that may run, and so whether some can be spared. */ -}}
{{- define "todo.leastReplicas" -}}
{{- $service := index .root.Values .name -}}
{{- if dig "autoscaling" "enabled" false $service -}}{{ $service.autoscaling.minReplicas }}
{{- else if dig "keda" "enabled" false $service -}}{{ $service.keda.minReplicas }}
{{- else -}}{{ $service.replicas }}{{- end -}}
{{- end }}
