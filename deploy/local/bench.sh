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
    BENCH_FOLDER=$STATE/micro dotnet "$ROOT/artifacts/bin/Bench/release/Sandan.Bench.dll" "$@" 9>&-
    return
  fi
  dotnet "$ROOT/artifacts/bin/Bench/release/Sandan.Bench.dll" --check "$@" || exit
  trap end_of_bench EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  stop_bench # of a run that was killed
  rm -rf "$STATE"
  prepare_state
  install_missing true true
  build_project services/all
  build_project tests/Baselines/Naive
  build_project tests/Baselines/Twin
  launch_rabbitmq 17673
  start_postgres 17432
  as_postgres "$(postgres_bin)/psql" -q -h "$POSTGRES_FOLDER/data" -p "$(setting postgres_port)" -d postgres \
    -c 'GRANT pg_checkpoint TO sandan' # so that a measurement begins with its rows on disk
  await_rabbitmq 17673
  SANDAN_POSTGRES=$POSTGRES SANDAN_RABBITMQ=$RABBITMQ BENCH_ROOT=$ROOT BENCH_FOLDER=$STATE/sandan BENCH_COMMIT=$(bench_commit) \
    BENCH_POSTGRES_PID=$(running postgres) BENCH_RABBITMQ_PID=$(running rabbitmq) \
    dotnet "$ROOT/artifacts/bin/Bench/release/Sandan.Bench.dll" "$@" 9>&-
}

bench_commit() {
  git -C "$ROOT" rev-parse --short HEAD 2>/dev/null | tr -d '\n' || printf unknown
  if [[ -n $(git -C "$ROOT" status --porcelain 2>/dev/null) ]]; then printf '+'; fi
}

end_of_bench() {
  local code=$?
  trap '' INT TERM HUP
  set +e
  stop_bench
  exit "$code"
}

stop_bench() {
  stop_rabbitmq
  stop_postgres
  remove_postgres
  rm -rf "$STATE/rabbitmq"
}
