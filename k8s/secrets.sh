#!/bin/sh
# Prints the Secrets that an overlay refers to, with fresh random values; nothing is kept here:
#   k8s/secrets.sh prod | kubectl create -f -
# "create" refuses where they exist already: a second password would only lock the services out.
set -eu
overlay=${1:-}
case "$overlay" in dev | prod) ;; *) echo "usage: $0 dev|prod" >&2; exit 2 ;; esac

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# secret NAME [type TYPE] KEY VALUE ...
secret() {
  type=Opaque name=$1
  shift
  if [ "$1" = type ]; then type=$2; shift 2; fi
  printf -- '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\n  namespace: im\ntype: %s\nstringData:\n' "$name" "$type"
  while [ $# -gt 0 ]; do
    printf "  %s: '%s'\n" "$1" "$2"
    shift 2
  done
}

users='' rights=''
for service in gateway admin login session presence message profile; do
  password=$(random)
  secret "im-rabbitmq-$service" username "im-$service" password "$password"
  secret "im-postgres-$service" type kubernetes.io/basic-auth username "im_$service" password "$(random)"
  secret "im-redis-$service" username "im-$service" password "$(random)"
  users="$users${users:+,}{\"name\":\"im-$service\",\"password\":\"$password\",\"tags\":[]}"
  rights="$rights${rights:+,}{\"user\":\"im-$service\",\"vhost\":\"im\",\"configure\":\".*\",\"write\":\".*\",\"read\":\".*\"}"
done
secret im-admin key "$(random)"
secret im-redis password "$(random)"
secret im-postgres type kubernetes.io/basic-auth username im password "$(random)"

if [ "$overlay" = dev ]; then
  secret im-rabbitmq-definitions definitions.json "{\"vhosts\":[{\"name\":\"im\"}],\"users\":[$users],\"permissions\":[$rights]}"
else
  # KEDA reads the lengths of the queues over HTTP.
  password=$(random)
  secret im-rabbitmq-keda username im-keda password "$password" host "http://im-keda:$password@im-rabbitmq.im.svc:15672/im"
fi
