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
  begin_trial
  build_project services/all
  launch_rabbitmq 17683
  start_postgres 17442
  await_rabbitmq 17683
  trial Chaos 18200 "$@"
}
