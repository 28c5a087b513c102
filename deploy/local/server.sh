#!/usr/bin/env bash
# server.sh STATE start postgres|rabbitmq: starts a server of a state folder again that was killed; prints its pid.
# server.sh STATE alarm on|off: has RabbitMQ believe that its memory is full, and refuse to take messages.
set -euo pipefail

ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
STATE=$1

# shellcheck source=deploy/local/process.sh
. "$ROOT/deploy/local/process.sh"
# shellcheck source=deploy/local/postgres.sh
. "$ROOT/deploy/local/postgres.sh"
# shellcheck source=deploy/local/rabbitmq.sh
. "$ROOT/deploy/local/rabbitmq.sh"

case "$2 $3" in
  'start postgres')
    start_postgres "$(setting postgres_port)" >&2
    running postgres
    ;;
  'start rabbitmq')
    launch_rabbitmq "$(setting rabbitmq_port)" >&2
    await_rabbitmq "$(setting rabbitmq_port)" >&2
    running rabbitmq
    ;;
  'alarm on') limit_rabbitmq_memory 0.00001 ;;
  'alarm off') limit_rabbitmq_memory 0.4 ;; # its default
  *) die "there is no $2 $3." ;;
esac
