#!/usr/bin/env bash
# small-disk.sh FOLDER PORT PASSWORD: PostgreSQL on two small disks, one for its tables, one for its WAL, started again
# whenever it ends, as an operator's machine does. FOLDER must not exist; it is removed at the end.
#
# Reads orders, a line each: `fill data`, `fill wal`, `free data`, `free wal`, and says `done` to each; the first `done`
# says that it runs. Ends when the orders end.
#
# The disks are tmpfs in a mount namespace of this script alone. An ordinary user makes them in a user namespace.
set -euo pipefail

FOLDER=$1 PORT=$2 PASSWORD=$3
SELF=$(readlink -f "${BASH_SOURCE[0]}")
BIN=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
BIN=${BIN%/postgres}

if [[ ${4:-} != inside ]]; then
  if ((EUID == 0)); then
    exec unshare --mount --propagation private bash "$SELF" "$@" inside
  fi
  if unshare --user --map-current-user --keep-caps --mount true 2>/dev/null; then
    exec unshare --user --map-current-user --keep-caps --mount bash "$SELF" "$@" inside
  fi
  exec sudo -n unshare --mount --propagation private bash "$SELF" "$@" inside # where user namespaces are forbidden
fi

# A list, not a function: put into the background, it must become the program itself and not a shell that waits for it.
as_postgres=(env -i PATH="$BIN:$PATH" LC_ALL=C.UTF-8 TZ=UTC)
if ((EUID == 0)); then as_postgres+=(setpriv --reuid=postgres --regid=postgres --init-groups); fi
cd /

# In memory: what stands below it in the machine's tree does not matter.
mkdir -p "$FOLDER"
mount -t tmpfs -o size=1m,mode=755 small "$FOLDER"
for disk in data:256m wal:600m; do
  mkdir "$FOLDER/${disk%:*}"
  mount -t tmpfs -o "size=${disk#*:},mode=700" small "$FOLDER/${disk%:*}"
  if ((EUID == 0)); then chown postgres: "$FOLDER/${disk%:*}"; fi
done

"${as_postgres[@]}" initdb -D "$FOLDER/data/db" --waldir="$FOLDER/wal/wal" --wal-segsize=1 --encoding=UTF8 --locale=C.UTF-8 \
  --auth-local=trust --auth-host=scram-sha-256 >&2
"${as_postgres[@]}" tee -a "$FOLDER/data/db/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = ''
max_connections = 300
shared_buffers = 64MB
wal_keep_size = 600MB                # as where archiving fails: no segment is used again
max_wal_size = 32MB
jit = off
CONF
echo "CREATE ROLE sandan LOGIN CREATEDB PASSWORD '$PASSWORD'" |
  "${as_postgres[@]}" postgres --single -D "$FOLDER/data/db" postgres >&2

# A server that cannot write its WAL ends (PANIC), and cannot start again before there is room.
keep_running() {
  local server
  trap 'kill -QUIT "$server" 2>/dev/null; wait "$server"; exit' TERM # a wait ends at a signal, at once
  while true; do
    "${as_postgres[@]}" postgres -D "$FOLDER/data/db" >&2 &
    server=$!
    wait "$server" || true
    sleep 0.5
  done
}
keep_running </dev/null &
keeper=$!
trap 'kill -TERM "$keeper" 2>/dev/null; wait "$keeper" 2>/dev/null || true; umount -R "$FOLDER" && rmdir "$FOLDER"' EXIT
until "${as_postgres[@]}" pg_isready -q -h 127.0.0.1 -p "$PORT"; do sleep 0.1; done
echo done

while read -r order disk; do
  case $order in
    fill) head -c 1G /dev/zero 2>/dev/null >"$FOLDER/$disk/full" || true ;; # ends where there is no room any more
    free) rm "$FOLDER/$disk/full" ;;
  esac
  echo done
done
