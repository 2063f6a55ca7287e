#!/usr/bin/env bash
# Build the image and run it as containers do: read-only, as another user than root, with one writable volume.
#
# Run it as root: make image-check. It needs buildah, curl and, for the base, debootstrap (all Debian packages), about 1 GB and
# two minutes. Nothing is pulled: the base is a minimal Debian with Python. The last line is PASS, FAIL or, where containers
# cannot be built, SKIPPED; the exit status is 1 only after FAIL.
#
# Parameters, from the environment:
#   BASE     an image that buildah knows already, instead of the base made here
#   SUITE    the Debian release of the base                          (default: bookworm)
#   ARCH     its architecture; another one than this machine's needs qemu-user-static, takes half an hour, and all
#            limits of time are 30 times as long                     (default: this machine's)
#   MIRROR   the URL of a Debian mirror                              (default: the one that apt uses on this machine)
#   TMPDIR   the folder in which everything is made                  (default: /var/tmp)
#   CACHE    a folder that keeps the base for the next run           (default: none)
set -euo pipefail

readonly SUITE=${SUITE:-bookworm} MACHINE=$(dpkg --print-architecture 2>/dev/null || echo amd64)
readonly ARCH=${ARCH:-$MACHINE}
readonly EMULATION=$([[ $ARCH == "$MACHINE" ]] && echo 1 || echo 30) # how much slower an emulated processor may be
# Generous: for slow machines that do other work at the same time.
readonly MAX_SIZE_MB=180 MAX_START_SECONDS=$((20 * EMULATION))
readonly USER_ID=10001

skip() {
    echo "SKIPPED image check: $1" >&2
    exit 0
}

stop() {
    echo "FAIL image check: $1" >&2
    exit 1
}

((EUID == 0)) || skip "it needs root."
for program in buildah curl unshare; do
    command -v "$program" >/dev/null || skip "$program is missing; on Debian: apt install buildah curl util-linux."
done
[[ -n ${BASE:-} ]] || command -v debootstrap >/dev/null || skip "debootstrap is missing, and BASE names no image."

project=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp --directory "${TMPDIR:-/var/tmp}/image-check.XXXXXX")
chmod 755 "$folder"
server=

buildah_here() {
    buildah --storage-driver vfs --root "$folder/storage" --runroot "$folder/run" "$@"
}

clean_up() {
    [[ -z $server ]] || kill -KILL "$server" 2>/dev/null || true
    sleep 0.2
    rm -rf --one-file-system "$folder"
}
trap clean_up EXIT
trap 'stop "interrupted."' INT TERM HUP

mirror_of_apt() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: $SUITE" | head -n 1
}

make_base() {
    local archive=${CACHE:+$CACHE/base-$SUITE-$ARCH.tar} container
    if [[ -z $archive || ! -f $archive ]]; then
        debootstrap --arch="$ARCH" --variant=minbase --include=python3,python3-venv,ca-certificates \
            "$SUITE" "$folder/debian" "${MIRROR:-$(mirror_of_apt)}" >"$folder/debootstrap.log" 2>&1 \
            || skip "debootstrap cannot make a base: $(tail -n 1 "$folder/debootstrap.log")"
        rm -rf "$folder"/debian/var/cache/apt/archives/*.deb "$folder"/debian/var/lib/apt/lists/*
        archive=${archive:-$folder/base.tar}
        tar -C "$folder/debian" -cf "$archive.part" . && mv "$archive.part" "$archive"
        rm -rf "$folder/debian"
    fi
    container=$(buildah_here from scratch)
    buildah_here config --arch "$ARCH" "$container"
    buildah_here add --quiet "$container" "$archive" / >/dev/null
    buildah_here commit --quiet "$container" localhost/base >/dev/null
    buildah_here rm "$container" >/dev/null
}

# pip's settings of this machine, for the build only: they name the package index that it can reach.
pip_settings() {
    local line
    echo '[global]'
    python3 -m pip config list | while IFS= read -r line; do
        [[ $line =~ ^(global|install|:env:)\.([a-z-]+)=\'(.*)\'$ ]] || continue
        printf '%s = %s\n' "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]//\\n/ }"
    done | awk -F ' = ' '{ last[$1] = $0 } END { for (name in last) print last[name] }'
}

pip_volumes() {
    local word
    pip_settings >"$folder/pip.conf"
    printf '%s\n' "--volume=$folder/pip.conf:/etc/pip.conf:ro"
    for word in $(sed -n 's/.* = //p' "$folder/pip.conf") /etc/ssl/certs; do
        [[ $word != file:///*/* ]] || word=$(dirname "${word#file://}") # an index may link to files beside it
        [[ $word == /* && -e $word ]] && printf '%s\n' "--volume=$word:$word:ro"
    done | sort -u
}

build_image() {
    local volumes
    mapfile -t volumes < <(pip_volumes)
    buildah_here build --quiet --arch "$ARCH" --isolation chroot --format docker --pull-never "${volumes[@]}" \
        --build-arg "BASE=${BASE:-localhost/base}" --build-arg "REVISION=$(git -C "$project" rev-parse --short HEAD)" \
        --tag leadtracker --file "$project/Dockerfile" "$project" >"$folder/build.log" 2>&1 \
        || { tail -n 20 "$folder/build.log" >&2; stop "the image cannot be built."; }
}

# Run a command in the image: read-only, as its user, with /tmp and /data as its only writable folders.
run() {
    unshare --mount --propagation private --pid --fork --kill-child bash -euc '
        root=$1 data=$2 variables=$3; shift 3
        mount --bind "$root" "$root" && mount -o remount,bind,ro "$root"
        mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
        mount --bind "$data" "$root/data"
        mount -t proc proc "$root/proc"
        mount -t tmpfs -o mode=755 tmpfs "$root/dev"
        for device in null zero full random urandom; do
            : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
        done
        mkdir -m 1777 "$root/dev/shm"
        cd "$root"
        exec chroot --userspec='"$USER_ID:$USER_ID"' "$root" /usr/bin/env -i $variables "$@"
    ' run "$root" "$data" "$environment LEADTRACKER_PORT=$port" "$@"
}

respond() {
    curl --silent --show-error --fail --max-time $((5 * EMULATION)) "http://127.0.0.1:$port$1" "${@:2}"
}

start() {
    local began=$EPOCHREALTIME
    run leadtracker up >>"$folder/up.log" 2>&1 &
    server=$!
    until respond /readyz >/dev/null 2>&1; do
        kill -0 "$server" 2>/dev/null || { tail -n 20 "$folder/up.log" >&2; stop "the container ended at its start."; }
        (($(milliseconds_since "$began") < 6 * MAX_START_SECONDS * 1000)) || stop "there was no response for a minute or more."
        sleep 0.05
    done
    started_in=$(milliseconds_since "$began")
}

milliseconds_since() {
    echo $(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 1000))
}

# SIGTERM to the first process of the container, as an engine stops one.
terminate() {
    local began=$EPOCHREALTIME first=$server next status=0 waited
    while next=$(pgrep --parent "$first" | head -n 1) && [[ -n $next && $(ps -o comm= "$first") != leadtracker ]]; do
        first=$next
    done
    kill -TERM "$first"
    for ((waited = 0; waited < 900 * EMULATION; waited++)); do kill -0 "$server" 2>/dev/null || break; sleep 0.05; done
    ! kill -0 "$server" 2>/dev/null || stop "it still runs $((45 * EMULATION)) seconds after SIGTERM."
    wait "$server" || status=$?
    server=
    ((status == 0)) || stop "after SIGTERM the exit status was $status, not 0."
    stopped_in=$(milliseconds_since "$began")
}

[[ -n ${BASE:-} ]] || make_base
build_image
echo "ok   the image builds for $ARCH: $SECONDS s with its base"

container=$(buildah_here from --pull-never leadtracker)
root=$(buildah_here mount "$container")
base=$(buildah_here from --pull-never "${BASE:-localhost/base}")
size() { du --summarize --block-size=1 --apparent-size "$1" | cut -f 1; }
size_mb=$((($(size "$root") - $(size "$(buildah_here mount "$base")")) / 1000000))
((size_mb <= MAX_SIZE_MB)) || stop "the image adds $size_mb MB to its base; at most $MAX_SIZE_MB are allowed."
echo "ok   size: $size_mb MB on top of the base"

inspect() { buildah_here inspect --type image --format "$1" leadtracker; }
[[ $(inspect '{{.Docker.Config.User}}') == "$USER_ID:$USER_ID" ]] || stop "the image does not say that it runs as $USER_ID."
[[ $(inspect '{{.Docker.Config.Healthcheck.Test}}') == *healthz* ]] || stop "the image has no health check."
[[ $(inspect '{{.Docker.Config.Volumes}}') == *'/data'* ]] || stop "the image declares no volume at /data."
[[ $(inspect '{{index .Docker.Config.Labels "org.opencontainers.image.title"}}') == LeadTracker ]] || stop "labels are missing."
environment=$(inspect '{{range .Docker.Config.Env}}{{.}} {{end}}')
echo "ok   user, health check, volume and labels are declared"

data=$folder/data
install -d -o "$USER_ID" -g "$USER_ID" -m 700 "$data"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
environment+=" LEADTRACKER_ADMIN_PASSWORD=an-invented-password"
start
first_start=$started_in
echo "ok   the first start creates the database and responds after $first_start ms"

users=$(run python3 -c 'import os; print(os.getuid(), os.getgid())')
[[ $users == "$USER_ID $USER_ID" ]] || stop "it runs as $users."
writable=$(run python3 -c '
import os
def can_write(folder):
    try:
        path = os.path.join(folder, ".probe")
        open(path, "x").close(); os.remove(path)
        return True
    except OSError:
        return False
found = []
for folder, folders, _ in os.walk("/"):
    if folder.startswith(("/proc", "/sys")) or any(folder.startswith(one + "/") for one in found):
        folders.clear()
    elif can_write(folder):
        found.append(folder)
print(*sorted(found))')
[[ $writable == "/data /dev/shm /tmp" ]] || stop "these folders are writable: $writable"
echo "ok   user id $USER_ID; writable: $writable (the last two are memory)"

# An engine gives up after several failures in a row, because a single one may come from the load of the machine.
health=$(inspect '{{index .Docker.Config.Healthcheck.Test 3}}')
tries=$(($(inspect '{{.Docker.Config.Healthcheck.Retries}}') * EMULATION))
until run python3 -c "$health" 2>"$folder/health.log"; do
    ((--tries > 0)) || { tail -n 5 "$folder/health.log" >&2; stop "the health check fails."; }
done
respond /leads --json '{"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}' >/dev/null || stop "no lead is taken."
run leadtracker backup /data/saved.backup >/dev/null || stop "no backup can be made."
respond /leads --json '{"first_name": "Bob", "last_name": "Ray", "email": "bob@example.com"}' >/dev/null
terminate
echo "ok   SIGTERM: exit status 0 after $stopped_in ms"

# The best of several starts counts: a neighbour of this machine may slow one of them, and no change of the program does so.
fastest=$first_start
for _ in {1..4}; do
    start
    ((fastest < started_in)) || fastest=$started_in
    ((fastest <= MAX_START_SECONDS * 1000)) && break
    terminate
done
((fastest <= MAX_START_SECONDS * 1000)) || stop "the first response took $fastest ms; $MAX_START_SECONDS s are allowed."
echo "ok   first response after $fastest ms; $MAX_START_SECONDS s are allowed"
exported=$(run leadtracker leads export)
[[ $exported == *ann@example.com*bob@example.com* ]] || stop "the volume did not survive a restart."
terminate
run leadtracker restore --force /data/saved.backup >/dev/null || stop "the backup cannot be restored."
exported=$(run leadtracker leads export)
[[ $exported == *ann@example.com* && $exported != *bob@example.com* ]] || stop "the restored leads are not those of the backup."
run leadtracker doctor >/dev/null || stop "leadtracker doctor finds errors after the restore."
echo "ok   the volume survives a restart; backup and restore work inside"
echo "PASS image check: $size_mb MB, first response after $fastest ms, $SECONDS s in all."
