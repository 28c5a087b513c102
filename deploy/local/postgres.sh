# shellcheck shell=bash disable=SC2034
# The private PostgreSQL node. Sourced by ./sandan after process.sh.
# The administrator is the system user that runs the server, through the socket in the data folder (peer). The services
# use role `sandan` over loopback TCP (scram): it may create databases and is no superuser.

POSTGRES_VERSION_MIN=15

# The folder with initdb, pg_ctl and postgres: the version of the data if there is any, else the newest installed.
postgres_bin() {
  local data=${1:-} bin
  if [[ -n $data && -f $data/PG_VERSION ]]; then
    bin=/usr/lib/postgresql/$(<"$data/PG_VERSION")/bin
    [[ -x $bin/postgres ]] || return 1
  else
    bin=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
    bin=${bin%/postgres}
    [[ -x $bin/postgres && $(basename "$(dirname "$bin")") -ge $POSTGRES_VERSION_MIN ]] || return 1
  fi
  printf '%s' "$bin"
}

# PostgreSQL refuses to run as root: then user postgres runs it. It may not see the folder we are in, hence `cd /`.
as_postgres() (
  cd /
  local -a drop=()
  if ((EUID == 0)); then drop=(setpriv --reuid=postgres --regid=postgres --init-groups); fi
  umask 077
  exec env -i PATH="$PATH" LC_ALL=C.UTF-8 TZ=UTC "${drop[@]}" "$@" 9>&-
)

# Sets POSTGRES_FOLDER: $STATE/postgres. As root it must be a folder that user postgres can reach, which is not so below
# /root: then $STATE/postgres is a link to one below /var/lib/sandan.
place_postgres() {
  local elsewhere
  POSTGRES_FOLDER=$STATE/postgres elsewhere=$(postgres_elsewhere)
  if ((EUID != 0)); then
    install -d -m 700 "$POSTGRES_FOLDER"
    return
  fi
  if [[ ! -L $POSTGRES_FOLDER ]]; then
    install -d -m 700 -o postgres -g postgres "$POSTGRES_FOLDER"
    if as_postgres test -w "$POSTGRES_FOLDER"; then return; fi
    rmdir "$POSTGRES_FOLDER"
    if [[ -d $elsewhere ]]; then
      say "The database of a deleted .sandan is put aside: $elsewhere.old"
      rm -rf "$elsewhere.old"
      mv "$elsewhere" "$elsewhere.old"
    fi
    say "User postgres cannot reach $STATE; the database is kept in $elsewhere."
    install -d -m 755 /var/lib/sandan
    install -d -m 700 -o postgres -g postgres "$elsewhere"
    ln -s "$elsewhere" "$POSTGRES_FOLDER"
  fi
  POSTGRES_FOLDER=$elsewhere
}

postgres_elsewhere() { printf '/var/lib/sandan/%s' "$(printf '%s' "$STATE" | sha256sum | cut -c1-12)"; }

remove_postgres() {
  rm -rf "$STATE/postgres"
  if ((EUID == 0)); then rm -rf "$(postgres_elsewhere)"; fi
}

# The server processes that still work on the data folder, whoever started them.
postgres_processes() {
  local process cwd
  while read -r process cwd; do
    if [[ $cwd == "$1" && $(cat "$process/comm" 2>/dev/null) == postgres ]]; then printf '%s\n' "${process##*/}"; fi
  done < <(find /proc/[0-9]*/cwd -maxdepth 0 -printf '%h %l\n' 2>/dev/null)
}

no_postgres_processes() { [[ -z $(postgres_processes "$1") ]]; }

# In a folder that gets its name at the end: an interrupted start leaves nothing half made.
create_postgres() {
  local bin=$1 data=$2 password answer
  as_postgres rm -rf "$data.new"
  as_postgres "$bin/initdb" -D "$data.new" --encoding=UTF8 --locale=C.UTF-8 --data-checksums \
    --auth-local=peer --auth-host=scram-sha-256 >>"$STATE/logs/postgres.log" 2>&1
  printf "include 'sandan.conf'\n" | as_postgres tee -a "$data.new/postgresql.conf" >/dev/null
  configure_postgres "$data.new"
  password=$(password_of postgres)
  # pg_signal_backend: the tests drop their databases also while autovacuum visits them.
  answer=$(printf "CREATE ROLE sandan LOGIN CREATEDB IN ROLE pg_signal_backend PASSWORD '%s'\n" "$password" |
    as_postgres "$bin/postgres" --single -D "$data.new" postgres 2>&1)
  if grep -qE 'ERROR|FATAL|PANIC' <<<"$answer"; then die "PostgreSQL did not take role sandan: $answer"; fi
  # Into the template of all databases, as statements end here with an empty line: the services may add to it, no more.
  answer=$(cat "$ROOT"/services/shared/Migrations/0004_audit.sql <(printf '\n') "$ROOT"/deploy/postgres/audit-owner.sql <(printf '\n') |
    as_postgres "$bin/postgres" --single -j -D "$data.new" template1 2>&1)
  if grep -qE 'ERROR|FATAL|PANIC' <<<"$answer"; then die "PostgreSQL did not take the audit trail: $answer"; fi
  as_postgres mv "$data.new" "$data"
}

configure_postgres() {
  as_postgres tee "$1/sandan.conf" >/dev/null <<CONF
# Written by ./sandan on every start.
listen_addresses = '127.0.0.1'
port = $(setting postgres_port)
unix_socket_directories = '.'        # the data folder itself: no long path, nothing to quote
max_connections = 300
shared_buffers = 512MB
max_wal_size = 4GB
wal_compression = lz4
jit = off
fsync = on                           # durable: what was answered with 2xx survives a power cut
synchronous_commit = on
full_page_writes = on
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

# A start that was interrupted may leave a server that nobody recorded.
adopt_postgres() {
  local data pid
  if running postgres >/dev/null; then return; fi
  data=$(readlink -f "$STATE/postgres")/data
  { read -r pid <"$data/postmaster.pid"; } 2>/dev/null || return 0
  if postgres_processes "$data" | grep -qx "$pid"; then record postgres "$pid"; fi
}

# start_postgres FIRST_PORT: leaves the connection string in POSTGRES.
start_postgres() {
  local first_port=$1 bin data pid attempt
  adopt_postgres
  if running postgres >/dev/null; then
    POSTGRES=$(postgres_connection)
    say "PostgreSQL is already running on port $(setting postgres_port)."
    return
  fi
  place_postgres
  data=$POSTGRES_FOLDER/data
  bin=$(postgres_bin "$data") ||
    die "the data in $data are of PostgreSQL $(<"$data/PG_VERSION"), which is not installed."
  new_log postgres

  # After a SIGKILL its children need a moment to end. Only then are leftover lock files certainly stale: the pid in
  # them may be a zombie or reused by now, and PostgreSQL would refuse to start.
  wait_for 30 no_postgres_processes "$data" ||
    die "PostgreSQL processes that ./sandan did not record work on $data: $(postgres_processes "$data" | tr '\n' ' ')"
  as_postgres rm -f "$data/postmaster.pid" "$data"/.s.PGSQL.*

  for attempt in 1 2 3; do
    choose_port postgres "$first_port"
    if [[ ! -f $data/PG_VERSION ]]; then create_postgres "$bin" "$data"; fi
    configure_postgres "$data"
    # The long time-out is for recovery after a crash.
    if as_postgres "$bin/pg_ctl" start -w -t 300 -s -D "$data" </dev/null >>"$STATE/logs/postgres.log" 2>&1; then
      read -r pid < <(as_postgres cat "$data/postmaster.pid")
      record postgres "$pid"
      POSTGRES=$(postgres_connection)
      say "PostgreSQL $(<"$data/PG_VERSION") runs on 127.0.0.1:$(setting postgres_port)."
      return
    fi
    # Somebody may have taken the port meanwhile; anything else will not mend itself.
    port_open "$(setting postgres_port)" || break
  done
  show_log_tail postgres
  die "PostgreSQL did not start (attempt $attempt)."
}

postgres_connection() {
  printf 'Host=127.0.0.1;Port=%s;Username=sandan;Password=%s' "$(setting postgres_port)" "$(password_of postgres)"
}

# SIGINT is PostgreSQL's fast shutdown: it does not wait for clients. SIGQUIT ends it at once; the next start recovers.
stop_postgres() {
  adopt_postgres
  terminate INT postgres
  finish postgres QUIT
}
