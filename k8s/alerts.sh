#!/bin/sh
# Prints the alert rules of deploy/telemetry as the resource that the Prometheus Operator takes:
#   k8s/alerts.sh > k8s/overlays/prod/alerts.yaml
set -eu
cat <<'END'
# Made by k8s/alerts.sh of deploy/telemetry/alerts.yml: change that one, then make this one anew.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: im-alerts
spec:
END
sed -n '/^groups:/,$p' "$(dirname "$0")/../deploy/telemetry/alerts.yml" | sed 's/^\(.\)/  \1/'
