# shellcheck shell=bash
# ./sandan bench: servers of its own, empty on every run; none for `micro`. Sourced by ./sandan.

run_bench() {
  STATE=$ROOT/.sandan/bench
  prepare_state
  lock bench
  need_sdk
  say 'Building; the first time takes a while.'
  build_project tests/Bench
  if [[ ${1:-} == micro ]]; then
    STAND_FOLDER=$STATE/micro dotnet "$ROOT/artifacts/bin/Bench/release/Sandan.Bench.dll" "$@" 9>&-
    return
  fi
  dotnet "$ROOT/artifacts/bin/Bench/release/Sandan.Bench.dll" --check "$@" || exit
  begin_trial
  build_project services/all
  build_project tests/Baselines/Naive
  build_project tests/Baselines/Twin
  launch_rabbitmq 17673
  start_postgres 17432
  as_postgres "$(postgres_bin)/psql" -q -h "$POSTGRES_FOLDER/data" -p "$(setting postgres_port)" -d postgres \
    -c 'GRANT pg_checkpoint TO sandan' # so that a measurement begins with its rows on disk
  await_rabbitmq 17673
  trial Bench 18100 "$@"
}
