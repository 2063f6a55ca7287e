#!/usr/bin/env bash
# Run CI on a new machine: a minimal Debian in a temporary folder, with a fresh clone of the last commit and nothing else.
#
# Run it before every release as root: make new-machine. It needs debootstrap, git and about 2 GB, and takes about
# 20 minutes on two cores. The last line is PASS or FAIL; the exit status is 0 only after PASS.
#
# Parameters, from the environment:
#   ARGS     arguments for pytest, to run some tests only            (default: all tests)
#   SUITE    the Debian release                                      (default: bookworm)
#   MIRROR   the URL of a Debian mirror                              (default: the one that apt uses on this machine)
#   TMPDIR   the folder in which the new machine is made             (default: /var/tmp)
#
# The settings of pip and the proxies of this machine are passed on, so that the new one reaches the same package index.
set -euo pipefail

readonly SUITE=${SUITE:-bookworm}
readonly SYSTEM_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

stop() {
    echo "FAIL new machine: $1" >&2
    exit 1
}

mirror_of_apt() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: $SUITE" | head -n 1
}

# pip's configuration files as variables, one NAME=value a line; variables of the environment follow and so prevail.
pip_variables() {
    local section_and_name value
    { python3 -m pip config list 2>/dev/null || true; } | while IFS='=' read -r section_and_name value; do
        [[ $section_and_name =~ ^(global|install)\.[a-z-]+$ ]] || continue
        value=${value:1:-1} # pip prints Python literals
        printf 'PIP_%s=%s\n' "$(tr a-z- A-Z_ <<<"${section_and_name#*.}")" "${value//\\n/ }"
    done
    env | grep -E '^PIP_[A-Z_]+=' || true
}

# The files and folders of this machine that pip's settings name.
pip_paths() {
    local word
    for word in $(pip_variables | cut -d= -f2-); do
        case $word in
            file:///*/*) dirname "${word#file://}" ;; # an index may link to files beside it
            file:///*) echo "${word#file://}" ;;
            /*) echo "$word" ;;
        esac
    done | sort -u
}

make_machine() {
    local folder=$1
    debootstrap --variant=minbase "$SUITE" "$folder" "$MIRROR"
    cp /etc/hosts "$folder/etc/hosts"
    apt-config dump Acquire | grep -E '::(Proxy|CaInfo|Check-Date|Check-Valid-Until)' \
        >"$folder/etc/apt/apt.conf.d/80new-machine" || true
    if [[ -d /usr/local/share/ca-certificates ]]; then
        cp -a /usr/local/share/ca-certificates "$folder/usr/local/share/"
    fi
}

# Nothing of this machine's /dev or /sys can be changed from inside: devices are made, not shared, and /sys is read-only.
mount_system() {
    local folder=$1 device path
    mount -t proc proc "$folder/proc"
    mount -t sysfs -o ro sysfs "$folder/sys"
    mount -t tmpfs -o mode=755 tmpfs "$folder/dev"
    for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0; do
        IFS=: read -r path major minor <<<"$device"
        mknod -m 666 "$folder/dev/$path" c "$major" "$minor"
    done
    ln -s /proc/self/fd "$folder/dev/fd"
    mkdir "$folder/dev/shm" "$folder/dev/pts"
    mount -t tmpfs -o mode=1777 tmpfs "$folder/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$folder/dev/pts"
    ln -s pts/ptmx "$folder/dev/ptmx"
    for path in $(pip_paths); do
        if [[ -d $path ]]; then
            mkdir -p "$folder$path"
            mount --bind "$path" "$folder$path"
            mount -o remount,bind,ro "$folder$path"
        elif [[ -f $path ]]; then
            install -D -m 644 "$path" "$folder$path"
        fi
    done
}

run_ci() {
    local folder=$1 variables
    mapfile -t variables < <(pip_variables; env | grep -iE '^(https?|ftp|no)_proxy=' || true)
    chroot "$folder" /usr/bin/env --ignore-environment "PATH=$SYSTEM_PATH" HOME=/root "ARGS=${ARGS:-}" "${variables[@]}" \
        /leadtracker/.ci/run
}

# Runs as the first process of new namespaces: mounts and processes end with them, whatever happens.
if [[ ${1:-} == --inside ]]; then
    make_machine "$2"
    mount_system "$2"
    run_ci "$2"
    exit
fi

((EUID == 0)) || stop "this script needs root, for debootstrap and chroot."
for program in debootstrap git unshare; do
    command -v "$program" >/dev/null || stop "$program is missing; on Debian: apt install debootstrap git util-linux."
done
export MIRROR=${MIRROR:-$(mirror_of_apt)}
[[ -n $MIRROR ]] || stop "apt knows no mirror of Debian $SUITE; name one: MIRROR=URL make new-machine."

project=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp --directory "${TMPDIR:-/var/tmp}/new-machine.XXXXXX")
chmod 755 "$folder" # PostgreSQL and Chromium run as other users, who must reach their files

clean_up() {
    # The first process of the namespaces dies with unshare, and all others die with it.
    if [[ -n ${machine:-} ]]; then
        { kill -KILL "$machine" && wait "$machine"; } 2>/dev/null || true # or the shell reports it after our last line
    fi
    rm -rf --one-file-system "$folder" || { sleep 2 && rm -rf --one-file-system "$folder"; }
}
trap clean_up EXIT
trap 'stop "interrupted."' INT TERM HUP

git clone --quiet "$project" "$folder/leadtracker"
commit=$(git -C "$folder/leadtracker" rev-parse --short HEAD)
[[ -z $(git -C "$project" status --porcelain) ]] || echo "Uncommitted changes are not tested: only $commit is." >&2

# In the background, so that a signal is handled at once and not when CI has ended.
unshare --mount --propagation private --pid --fork --kill-child "$0" --inside "$folder" &
machine=$!
status=0
wait "$machine" || status=$?
machine=
((status == 0)) || stop "Debian $SUITE, commit $commit, exit status $status after $SECONDS s."
echo "PASS new machine: Debian $SUITE, commit $commit, $SECONDS s."
