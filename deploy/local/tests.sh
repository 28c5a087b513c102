# shellcheck shell=bash
# ./sandan test: every test project and a short chaos run, a private PostgreSQL and RabbitMQ, one sum. Sourced by ./sandan.

# The nodes are new on every run and stand beside those of `up`.
run_tests() {
  local target=$ROOT/Sandan.slnx first_port
  if (($#)) && [[ $1 != -* ]]; then
    target=$(readlink -f "$1")
    shift
  fi
  STATE=$ROOT/.sandan/test
  prepare_state
  lock test
  need_sdk
  trap end_of_tests EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  TESTS_STATE=unfinished CHAOS_STATE=none
  stop_tests # of a run that was killed
  rm -rf "$STATE"
  prepare_state

  POSTGRES=${SANDAN_TEST_POSTGRES:-} RABBITMQ=${SANDAN_TEST_RABBITMQ:-}
  PRIVATE_POSTGRES=true PRIVATE_RABBITMQ=true
  if [[ -n $POSTGRES ]]; then PRIVATE_POSTGRES=false; fi
  if [[ -n $RABBITMQ ]]; then PRIVATE_RABBITMQ=false; fi
  install_missing "$PRIVATE_POSTGRES" "$PRIVATE_RABBITMQ"

  say 'Building; the first time takes a while.'
  build_project "$target"

  # Far from the ports of `up`, and seldom the same as in another checkout.
  first_port=$((20000 + RANDOM % 5000))
  if $PRIVATE_RABBITMQ; then launch_rabbitmq $((first_port + 5000)); fi
  if $PRIVATE_POSTGRES; then start_postgres "$first_port"; fi
  if $PRIVATE_RABBITMQ; then await_rabbitmq $((first_port + 5000)); fi

  cd "$ROOT"
  TESTS_STATE=passed
  if [[ $target == "$ROOT/Sandan.slnx" ]] && (($# == 0)); then
    # Those that harm servers of their own come last and alone: beside the others they take three times as long.
    dotnet_test "$target" --filter 'FullyQualifiedName!~Sandan.Disaster.Tests'
    dotnet_test "$ROOT/tests/Disaster.Tests"
  else
    dotnet_test "$target" "$@"
  fi

  # Behind the tests, because it kills the servers; and only those that are ours.
  if [[ $target == "$ROOT/Sandan.slnx" ]] && $PRIVATE_POSTGRES && $PRIVATE_RABBITMQ; then
    say 'A short chaos run:'
    set -m
    trial Chaos 18200 --seed 1 --documents 20000 --kills 12 </dev/null &
    record tests $!
    set +m
    if wait $!; then CHAOS_STATE=passed; else CHAOS_STATE=failed; fi
  fi
}

# In a process group of its own, which can be ended as a whole: the wait, unlike a program in front, ends at a signal.
dotnet_test() {
  local target=$1
  shift
  set -m
  SANDAN_TEST_POSTGRES=$POSTGRES SANDAN_TEST_RABBITMQ=$RABBITMQ dotnet test "$target" -c Release --no-build --nologo \
    --logger trx --results-directory "$STATE/results" "$@" </dev/null 9>&- &
  record tests $!
  set +m
  wait $! || TESTS_STATE=failed
}

# The tests if they still run, then their servers; nothing of the data stays.
stop_tests() {
  local group
  if group=$(running tests); then
    kill -TERM -- "-$group" 2>/dev/null || true
    wait_for 5 group_ended "$group" || kill -KILL -- "-$group" 2>/dev/null || true
  fi
  rm -f "$STATE/run/tests.pid"
  if [[ -d $STATE/disaster ]]; then # the servers of tests/Disaster.Tests, which harms them
    "$ROOT/deploy/local/server.sh" "$STATE/disaster" stop all
  fi
  stop_rabbitmq
  stop_postgres
  remove_postgres
  rm -rf "$STATE/rabbitmq"
}

# On every way out. The sum is the last line, also when nothing ran.
end_of_tests() {
  local code=$? passed=0 failed=0 skipped=0
  trap '' INT TERM HUP
  set +e
  stop_tests
  read -r passed failed skipped < <(sum_results)
  case $CHAOS_STATE in
    passed) passed=$((passed + 1)) ;;
    failed) failed=$((failed + 1)) ;;
  esac
  if [[ $TESTS_STATE == failed && $failed == 0 ]]; then
    say 'A test run ended without a result (see above); it counts as one failed.'
    failed=1
  fi
  printf '%s passed, %s failed' "$passed" "$failed"
  if ((skipped)); then printf ', %s skipped' "$skipped"; fi
  printf '\n'
  if ((code == 0)) && [[ $TESTS_STATE != passed || $failed != 0 || $passed == 0 ]]; then code=1; fi
  exit "$code"
}

# Sums <Counters total= executed= passed= …/> over all trx files: what was executed and did not pass has failed.
sum_results() {
  find "$STATE/results" -name '*.trx' -exec grep -ho '<Counters [^>]*' {} + 2>/dev/null | awk '
    function count(name) {
      return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0
    }
    {
      passed += count("passed")
      failed += count("executed") - count("passed")
      skipped += count("total") - count("executed")
    }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

group_ended() { ! kill -0 -- "-$1" 2>/dev/null; }
