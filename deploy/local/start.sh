#!/usr/bin/env bash
# start.sh STATE NAME: starts the PostgreSQL or RabbitMQ of a state folder again that was killed; prints its pid.
set -euo pipefail

ROOT=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
STATE=$1

# shellcheck source=deploy/local/process.sh
. "$ROOT/deploy/local/process.sh"
# shellcheck source=deploy/local/postgres.sh
. "$ROOT/deploy/local/postgres.sh"
# shellcheck source=deploy/local/rabbitmq.sh
. "$ROOT/deploy/local/rabbitmq.sh"

case $2 in
  postgres) start_postgres "$(setting postgres_port)" >&2 ;;
  rabbitmq)
    launch_rabbitmq "$(setting rabbitmq_port)" >&2
    await_rabbitmq "$(setting rabbitmq_port)" >&2
    ;;
  *) die "there is no server $2." ;;
esac
running "$2"
