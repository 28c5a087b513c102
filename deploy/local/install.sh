#!/usr/bin/env bash
# Installs packages as root through apt without letting them start, or keep for the next boot, services of their own:
# Sandan runs private nodes. Called by ./sandan: install.sh PACKAGE...
set -euo pipefail

policy=/usr/sbin/policy-rc.d
cluster=/etc/postgresql-common/createcluster.d/sandan-install.conf
mine=()
remove_mine() {
  if ((${#mine[@]})); then rm -f "${mine[@]}"; fi
  rmdir --ignore-fail-on-non-empty "${cluster%/*}" 2>/dev/null || true
}
trap remove_mine EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [[ ! -e $policy ]]; then
  mine+=("$policy")
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
if [[ ! -e $cluster ]]; then
  mine+=("$cluster")
  mkdir -p "${cluster%/*}"
  printf 'create_main_cluster = false\n' >"$cluster"
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -q -y -o DPkg::Lock::Timeout=300)
"${apt[@]}" update || printf 'apt-get update failed; going on with the lists at hand.\n'

for package in "$@"; do
  if [[ $package == postgresql ]]; then
    candidate=$(LC_ALL=C apt-cache policy postgresql | sed -n 's/^ *Candidate: *\([0-9]*\).*/\1/p')
    if [[ ${candidate:-0} -lt $POSTGRES_VERSION_MIN ]]; then
      printf 'sandan: this system offers PostgreSQL %s; %s or newer is needed. Install it, or set SANDAN_POSTGRES.\n' \
        "${candidate:-(none)}" "$POSTGRES_VERSION_MIN" >&2
      exit 1
    fi
  fi
done

"${apt[@]}" install --no-install-recommends "$@"

# Installed only for Sandan: the system's own broker need not start with the machine.
if command -v systemctl >/dev/null && [[ " $* " == *' rabbitmq-server '* ]]; then
  systemctl --quiet disable rabbitmq-server.service 2>/dev/null || true
fi
