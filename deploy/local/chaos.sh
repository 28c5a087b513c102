# shellcheck shell=bash
# ./sandan chaos: servers of its own, empty on every run, which are killed in it. Sourced by ./sandan.

run_chaos() {
  STATE=$ROOT/.sandan/chaos
  prepare_state
  lock chaos
  need_sdk
  say 'Building; the first time takes a while.'
  build_project tests/Chaos
  dotnet "$ROOT/artifacts/bin/Chaos/release/Sandan.Chaos.dll" --check "$@" || exit
  trap end_of_chaos EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  stop_trial # of a run that was killed
  rm -rf "$STATE"
  prepare_state
  install_missing true true
  build_project services/all
  launch_rabbitmq 17683
  start_postgres 17442
  await_rabbitmq 17683
  trial Chaos 18200 "$@"
}

# The ledger and the logs stay.
end_of_chaos() {
  local code=$?
  trap '' INT TERM HUP
  set +e
  stop_trial
  exit "$code"
}
