# shellcheck shell=bash disable=SC2034
# The private RabbitMQ node (3.10 to 4.x) and its epmd, all on loopback. Sourced by ./sandan after process.sh.

# Not the one in /usr/sbin, which changes to the system's user.
RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server

rabbitmq_installed() { [[ -x $RABBITMQ_SERVER ]]; }

epmd_program() {
  command -v epmd || printf '%s\n' /usr/lib/erlang/erts-*/bin/epmd | tail -n 1
}

# The environment is ours alone: settings of a system-wide RabbitMQ must not leak in.
rabbitmq_environment() {
  local folder=$STATE/rabbitmq
  RABBITMQ_ENVIRONMENT=(
    PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
    LANG=C.UTF-8
    HOME="$folder/home" # the Erlang cookie
    ERL_EPMD_ADDRESS=127.0.0.1
    ERL_EPMD_PORT="$(setting epmd_port)"
    RABBITMQ_NODENAME=sandan@localhost
    RABBITMQ_CONF_ENV_FILE=/dev/null
    RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf"
    RABBITMQ_ADVANCED_CONFIG_FILE="$folder/advanced.config"
    RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins"
    RABBITMQ_MNESIA_BASE="$folder/data"
    RABBITMQ_LOG_BASE="$folder/log"
    RABBITMQ_SCHEMA_DIR="$folder/schema"
    RABBITMQ_GENERATED_CONFIG_DIR="$folder/config"
    RABBITMQ_PID_FILE="$folder/rabbitmq.pid"
    RABBITMQ_DIST_PORT="$(setting rabbitmq_dist_port)"
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'
    RABBITMQ_SCHEDULER_BIND_TYPE=u # not bound to cores: it shares them with the services
    RUNNING_UNDER_SYSTEMD=true     # the script becomes the server, so that the recorded pid is right
  )
}

configure_rabbitmq() {
  local folder=$STATE/rabbitmq
  install -d -m 700 "$folder" "$folder"/{home,data,log,schema,config}
  printf '[].\n' >"$folder/enabled_plugins"
  printf '[].\n' >"$folder/advanced.config"
  (umask 077 && cat >"$folder/rabbitmq.conf") <<CONF
# Written by ./sandan on every start. The user is made when the data folder is new.
listeners.tcp.1 = 127.0.0.1:$(setting rabbitmq_port)
default_user = sandan
default_pass = $(password_of rabbitmq)
log.file = false
log.console = true
log.console.level = info
CONF
}

# It answers the AMQP greeting with Connection.Start, whose first octet is 1.
rabbitmq_answers() (
  exec 2>/dev/null 8<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'AMQP\0\0\011\001' >&8 || exit 1
  IFS= read -r -t 5 -N 1 octet <&8 && [[ $octet == $'\001' ]]
)

rabbitmq_settled() { ended rabbitmq || rabbitmq_answers "$1"; }

# launch_rabbitmq FIRST_PORT: leaves the address in RABBITMQ. It takes seconds until it answers: await_rabbitmq.
launch_rabbitmq() {
  local first_port=$1 files
  if running rabbitmq >/dev/null; then
    start_epmd
    RABBITMQ=$(rabbitmq_address)
    return
  fi
  # A broker wants many descriptors, but Erlang sets memory aside for as many as it may have: not without bound.
  files=$(ulimit -Hn)
  if [[ $files == unlimited || $files -gt 65536 ]]; then files=65536; fi

  running epmd >/dev/null || choose_port epmd "$((first_port + 2))"
  choose_port rabbitmq "$first_port"
  choose_port rabbitmq_dist "$((first_port + 1))"
  configure_rabbitmq
  start_epmd
  (ulimit -n "$files" && spawn rabbitmq env -i "${RABBITMQ_ENVIRONMENT[@]}" "$RABBITMQ_SERVER")
  RABBITMQ=$(rabbitmq_address)
}

# await_rabbitmq FIRST_PORT: may have to launch it again, on another port; RABBITMQ is then another address.
await_rabbitmq() {
  local first_port=$1 attempt
  for attempt in 1 2 3; do
    wait_for 120 rabbitmq_settled "$(setting rabbitmq_port)" ||
      { show_log_tail rabbitmq; die 'RabbitMQ does not answer after 120 seconds.'; }
    if running rabbitmq >/dev/null; then
      say "RabbitMQ runs on 127.0.0.1:$(setting rabbitmq_port)."
      return
    fi
    # Somebody may have taken a port meanwhile; anything else will not mend itself.
    port_open "$(setting rabbitmq_port)" || port_open "$(setting rabbitmq_dist_port)" || break
    launch_rabbitmq "$first_port"
  done
  show_log_tail rabbitmq
  die "RabbitMQ did not start (attempt $attempt)."
}

start_epmd() {
  rabbitmq_environment
  if running epmd >/dev/null; then return; fi
  spawn epmd env -i "${RABBITMQ_ENVIRONMENT[@]}" "$(epmd_program)"
  wait_for 10 port_open "$(setting epmd_port)" || { show_log_tail epmd; die "epmd did not start."; }
}

rabbitmq_address() {
  printf 'amqp://sandan:%s@127.0.0.1:%s/' "$(password_of rabbitmq)" "$(setting rabbitmq_port)"
}

rabbitmqctl() {
  rabbitmq_environment
  env -i "${RABBITMQ_ENVIRONMENT[@]}" /usr/lib/rabbitmq/bin/rabbitmqctl -q "$@" 9>&-
}

stop_rabbitmq() {
  terminate TERM rabbitmq
  finish rabbitmq
  terminate TERM epmd
  finish epmd
}
