#!/bin/sh
# Starts one of the two Redis servers. Whoever finds the other one leading follows it, and whoever finds it following leads; alone, the first leads. Only a hand makes the second one
# lead: docs/kubernetes.md says when.
set -eu
export REDISCLI_AUTH="$REDIS_PASSWORD"
case "$POD_NAME" in *-0) other=${POD_NAME%-0}-1.im-redis follows= ;; *) other=${POD_NAME%-*}-0.im-redis follows=yes ;; esac
case "$(timeout 3 redis-cli -h "$other" --no-raw role 2>/dev/null | head -n 1)" in
  '1) "master"') follows=yes ;;
  '1) "slave"') follows= ;;
esac
umask 077
# The passwords go through a file: the command line of a process is for everybody to read.
cat > /tmp/redis.conf <<END
requirepass $REDIS_PASSWORD
masterauth $REDIS_PASSWORD
save ""
appendonly no
maxmemory 1536mb
maxmemory-policy noeviction
${follows:+replicaof $other 6379}
END
sh /users/users.sh >> /tmp/redis.conf
exec redis-server /tmp/redis.conf
