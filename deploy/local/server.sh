#!/usr/bin/env bash
# server.sh STATE start postgres|rabbitmq [FIRST_PORT]: starts a server of a state folder, the first time or again after it
#   was killed; prints its pid. FIRST_PORT is for the first time.
# server.sh STATE alarm memory|disk|off: has RabbitMQ believe that its memory or its disk is full, and take no messages.
# server.sh STATE as postgres: runs the commands on its input as the user that runs PostgreSQL, with its programs in PATH.
# server.sh STATE rabbitmqctl ARGUMENTS...
# server.sh STATE stop all: stops what runs under the state folder, and removes the servers' data.
set -euo pipefail

ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
STATE=$1

# shellcheck source=deploy/local/process.sh
. "$ROOT/deploy/local/process.sh"
# shellcheck source=deploy/local/postgres.sh
. "$ROOT/deploy/local/postgres.sh"
# shellcheck source=deploy/local/rabbitmq.sh
. "$ROOT/deploy/local/rabbitmq.sh"

install -d -m 711 "$STATE"
install -d -m 700 "$STATE"/{run,logs}

# Also those that were started by hand on a folder beside the data, as in a restore.
stop_leftovers() {
  local folder data pid
  folder=$(readlink -f "$STATE/postgres") || return 0
  for data in "$folder"/*/; do
    for pid in $(postgres_processes "${data%/}"); do kill -QUIT "$pid" 2>/dev/null || true; done
    wait_for 30 no_postgres_processes "${data%/}" || die "PostgreSQL still works on $data."
  done
}

case "$2 $3" in
  'start postgres')
    start_postgres "${4:-$(setting postgres_port)}" >&2
    running postgres
    ;;
  'start rabbitmq')
    launch_rabbitmq "${4:-$(setting rabbitmq_port)}" >&2
    await_rabbitmq "${4:-$(setting rabbitmq_port)}" >&2
    running rabbitmq
    ;;
  'alarm memory') rabbitmqctl set_vm_memory_high_watermark 0.00001 >&2 ;; # of the machine's memory
  'alarm disk') rabbitmqctl set_disk_free_limit 1000000GB >&2 ;;
  'alarm off')
    rabbitmqctl set_vm_memory_high_watermark 0.4 >&2 # the defaults
    rabbitmqctl set_disk_free_limit 50MB >&2
    ;;
  'as postgres')
    place_postgres
    as_postgres env PATH="$(postgres_bin):$PATH" POSTGRES_FOLDER="$POSTGRES_FOLDER" bash -euo pipefail -s
    ;;
  rabbitmqctl\ *) rabbitmqctl "${@:3}" ;;
  'stop all')
    stop_rabbitmq
    stop_leftovers
    rm -f "$STATE/run/postgres.pid"
    remove_postgres
    rm -rf "$STATE/rabbitmq"
    ;;
  *) die "there is no $2 $3." ;;
esac
