# shellcheck shell=bash
# What ./sandan bench and ./sandan chaos have in common. Sourced by ./sandan.

# An empty STATE, whose servers end with this script; what else lies in it then stays: ledger, logs, reports.
begin_trial() {
  trap end_of_trial EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  stop_trial # of a run that was killed
  rm -rf "$STATE"
  prepare_state
  install_missing true true
}

end_of_trial() {
  local code=$?
  trap '' INT TERM HUP
  set +e
  stop_trial
  exit "$code"
}

# trial PROJECT PORT ARGUMENTS...: runs the program of a project of tests/ with the servers that run under STATE.
trial() {
  local project=$1 port=$2
  shift 2
  SANDAN_POSTGRES=$POSTGRES SANDAN_RABBITMQ=$RABBITMQ STAND_ROOT=$ROOT STAND_FOLDER=$STATE/sandan STAND_COMMIT=$(trial_commit) \
    STAND_POSTGRES_PID=$(running postgres) STAND_RABBITMQ_PID=$(running rabbitmq) STAND_PORT=$port \
    dotnet "$ROOT/artifacts/bin/$project/release/Sandan.$project.dll" "$@" 9>&-
}

trial_commit() {
  git -C "$ROOT" rev-parse --short HEAD 2>/dev/null | tr -d '\n' || printf unknown
  if [[ -n $(git -C "$ROOT" status --porcelain 2>/dev/null) ]]; then printf '+'; fi
}

stop_trial() {
  stop_rabbitmq
  stop_postgres
  remove_postgres
  rm -rf "$STATE/rabbitmq"
}
