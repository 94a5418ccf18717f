#!/usr/bin/env bash
# Prove the two commands on empty machines: Debian with git, make and python3, and nothing more.
#
#   sudo scripts/prove_fresh_machine.sh [bookworm trixie ...]
#
# For each suite a machine is made with debootstrap, and the committed state of this repository is cloned in it:
#   1. an ordinary user's `make demo` stops with one line that names the missing packages;
#   2. root's `make demo` installs them, gets ready, and stops without leaving a process;
#   3. root's `make test` passes, in a home folder closed to others;
#   4. the ordinary user's `make demo` now gets ready too.
# Needs root and debootstrap. WORK= names the folder for machines and logs.
set -euo pipefail

source=$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)
work=${WORK:-/var/tmp/opora-fresh}
passed_on='^(PIP_INDEX_URL|PIP_DEFAULT_TIMEOUT|https?_proxy|no_proxy)$'
# This machine's certificates, under a name that no package overwrites.
certificates=/etc/ssl/outer.crt

say() { printf '%s  %-9s %s\n' "$(date +%T)" "$suite" "$*"; }

fail() {
    say "FAILED: $*; the end of $log:"
    tail -n 40 "$log"
    exit 1
}

# Run a command in the machine, in a process and mount namespace of its own: nothing survives it.
inside() {
    local settings=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8) name
    settings+=("PIP_CERT=$certificates" "SSL_CERT_FILE=$certificates")
    for name in $(compgen -e | grep -E "$passed_on"); do settings+=("$name=${!name}"); done
    unshare --mount --pid --fork --kill-child bash -ec '
        mount -t proc proc "$0/proc"
        mount --rbind /dev "$0/dev"
        exec chroot "$0" env -i "$@"' "$root" "${settings[@]}" "$@" >>"$log" 2>&1
}

make_machine() {
    rm -rf --one-file-system "$root"
    mkdir -p "$root"
    debootstrap --variant=minbase --include=git,make,python3 "$suite" "$root" >"$log" 2>&1 || fail debootstrap
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    # Debian's installer writes this file; debootstrap does not.
    echo '127.0.0.1 localhost' >"$root/etc/hosts"
    install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root$certificates"
    cp /etc/apt/apt.conf.d/99* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
    git -C "$source" bundle create --quiet "$root/opora.bundle" HEAD
    cat >"$root/start_and_stop.sh" <<'END'
# Start the demo of ~/opora, wait until it is ready, stop it as Ctrl-C does, and look for what it left.
set -eu
cd ~/opora
ready() { python3 -c 'import urllib.request as web; web.urlopen("http://localhost:8765/readyz/")' 2>/dev/null; }
setsid make demo PORT=8765 &
until ready; do
    kill -0 $!
    sleep 2
done
kill -INT -- -$!
wait $! || true
# Not the dead that nobody reaps: the first process of the machine is su, which does not.
left() {
    for process in /proc/[0-9]*; do
        grep -qE 'postgres|valkey|gunicorn|celery' "$process/comm" && grep -q '^State:.[^Z]' "$process/status" && cat "$process/comm"
    done 2>/dev/null
}
[ -z "$(left)" ]
END
    inside useradd --create-home tester
    inside git clone --quiet --config advice.detachedHead=false /opora.bundle /root/opora
    inside su tester -c 'git clone --quiet --config advice.detachedHead=false /opora.bundle ~/opora'
}

prove() {
    local said=$root/home/tester/said
    inside su tester -c 'cd ~/opora && ! make --silent demo >~/said 2>&1' || fail 'the ordinary user was not stopped'
    sed -i '/^make: /d' "$said"
    [ "$(wc -l <"$said")" = 1 ] && grep -q 'sudo apt-get install -y' "$said" || fail "not one line: $(cat "$said")"
    say "an ordinary user is told: $(cat "$said")"
    inside bash /start_and_stop.sh || fail "root's make demo"
    say "root's make demo got ready and left no process"
    inside make -C /root/opora test || fail "root's make test"
    say "root's make test: $(grep -E '[0-9]+ passed' "$log" | tail -n 1)"
    inside su tester -c 'bash /start_and_stop.sh' || fail "the ordinary user's make demo"
    say "the ordinary user's make demo got ready and left no process"
}

[ $# -gt 0 ] || set -- bookworm trixie
mkdir -p "$work"
for suite in "$@"; do
    root=$work/$suite
    log=$work/$suite.log
    make_machine
    say "an empty machine with $(chroot "$root" python3 --version)"
    prove
done
