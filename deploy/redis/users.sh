#!/bin/sh
# Prints, for redis.conf, the user of each service with what it may do: gateways write where their clients are, presence sweeps and keeps its board, message services and
# admin look up, the others find out whether Redis answers. The passwords are in PASSWORD_gateway and so on. What a script does on the server counts as done by its caller.
set -eu

# Connecting, and asking who leads.
everybody='resetchannels -@all +@connection -@admin -@dangerous +info'
scripts='+eval +evalsha +script|load +get +set +del +sadd +srem'

# user SERVICE RIGHTS
user() {
  password=$(printenv "PASSWORD_$1") || { echo "PASSWORD_$1 is not set" >&2; exit 1; }
  printf 'user im-%s on >%s %s %s\n' "$1" "$password" "$everybody" "$2"
}

user gateway "$scripts ~im:routes:* ~im:users:* ~im:lease:* ~im:boots"
user presence "$scripts +mget +exists +spop +smembers +srandmember +sscan +time +pexpire ~im:routes:* ~im:users:* %R~im:lease:* ~im:boots ~im:marker ~im:presence:*"
user message '+get +mget %R~im:routes:*'
user admin '+get +mget %R~im:routes:*'
user login ''
user session ''
user profile ''
