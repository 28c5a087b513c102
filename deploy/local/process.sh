# shellcheck shell=bash
# Processes that ./sandan starts, their ports and their settings. Sourced by ./sandan, which sets STATE:
#   $STATE/run/NAME.pid   "pid start-time": both must agree, so that a reused pid is never taken for ours
#   $STATE/logs/NAME.log  what it printed; the run before stands in NAME.log.1
#   $STATE/settings       key=value lines, mode 0600: ports and passwords chosen on the first start

# Every process is started without descriptor 9, which holds the lock of ./sandan.

say() { printf '%s\n' "$*"; }
die() { printf 'sandan: %s\n' "$*" >&2; exit 1; }

# The start time of a process in clock ticks since boot; fails when it is dead. A zombie counts as dead.
process_start_time() {
  local stat
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  stat=${stat##*) } # the name before it may contain spaces and brackets
  local -a fields
  read -ra fields <<<"$stat"
  [[ ${fields[0]} != [ZX] ]] && printf '%s' "${fields[19]}"
}

record() {
  local name=$1 pid=$2 start
  start=$(process_start_time "$pid") || start=0 # it died already: recorded, and seen as dead
  printf '%s %s\n' "$pid" "$start" >"$STATE/run/$name.pid"
}

# Prints the pid of NAME if that very process is alive.
running() {
  local pid start
  [[ -f $STATE/run/$1.pid ]] || return 1
  read -r pid start <"$STATE/run/$1.pid" || return 1
  [[ $(process_start_time "$pid") == "$start" ]] && printf '%s' "$pid"
}

new_log() {
  local log=$STATE/logs/$1.log
  if [[ -f $log ]]; then mv -f "$log" "$log.1"; fi
  (umask 077 && : >"$log")
}

# spawn NAME COMMAND...: in a session of its own, so that Ctrl-C in the terminal does not reach it.
spawn() {
  local name=$1
  shift
  new_log "$name"
  setsid "$@" </dev/null >>"$STATE/logs/$name.log" 2>&1 9>&- &
  record "$name" $!
}

# terminate SIGNAL NAME: asks; finish does the waiting, so that many may stop at once.
terminate() {
  local pid
  if pid=$(running "$2"); then kill -s "$1" "$pid" 2>/dev/null || true; fi
}

# finish NAME [LAST]: waits up to 30 s, then sends LAST (default KILL).
finish() {
  local name=$1 last=${2:-KILL} pid
  wait_for 30 ended "$name" || {
    say "$name did not stop within 30 seconds; it gets SIG$last."
    if pid=$(running "$name"); then kill -s "$last" "$pid" 2>/dev/null || true; fi
    wait_for 10 ended "$name" || die "$name (process $pid) cannot be stopped."
  }
  rm -f "$STATE/run/$name.pid"
}

ended() { ! running "$1" >/dev/null; }

# wait_for SECONDS COMMAND...: polls until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

show_log_tail() {
  [[ -f $STATE/logs/$1.log ]] || return 0
  say "The last lines of $STATE/logs/$1.log:"
  tail -n 30 "$STATE/logs/$1.log" | sed 's/^/  | /'
}

port_open() { (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_status PORT PATH: the status code of a GET, without curl.
http_status() (
  exec 2>/dev/null 8<>"/dev/tcp/127.0.0.1/$1" || exit 1
  printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&8 || exit 1
  IFS= read -r -t 5 line <&8 || exit 1
  line=${line#* }
  printf '%s' "${line%% *}"
)

setting() {
  local line
  if [[ ! -f $STATE/settings ]]; then return; fi
  while IFS= read -r line; do
    if [[ $line == "$1="* ]]; then printf '%s' "${line#*=}"; fi
  done <"$STATE/settings"
}

save_setting() {
  local rest
  rest=$(sed "/^$1=/d" "$STATE/settings" 2>/dev/null || true)
  (umask 077 && printf '%s\n' "$rest" "$1=$2" | sed '/^$/d' >"$STATE/settings.new")
  mv -f "$STATE/settings.new" "$STATE/settings"
}

# Letters and digits only: it needs no escaping in a connection string, a URL or a configuration file.
make_password() { head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

password_of() {
  if [[ -z $(setting "$1_password") ]]; then save_setting "$1_password" "$(make_password)"; fi
  setting "$1_password"
}

# choose_port KEY FIRST: keeps the port chosen before while it is free, else takes the next free one from FIRST on.
choose_port() {
  local key=$1_port port
  port=$(setting "$key")
  if [[ -n $port ]]; then
    port_open "$port" || return 0
    say "Port $port is taken by another program; $1 moves to another one."
  fi
  port=$2
  while port_open "$port" || grep -q "_port=$port\$" "$STATE/settings" 2>/dev/null; do port=$((port + 1)); done
  save_setting "$key" "$port"
}
