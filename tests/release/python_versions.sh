#!/usr/bin/env bash
# Run the unit tests and a smoke test on every supported Python version that this machine has.
#
# Each version gets a separate environment, with the locked dependencies. PYTHONS="python3.11 /opt/python3.13/bin/python3"
# names other interpreters than those that are found. The last line is PASS, FAIL or SKIPPED.
set -euo pipefail

project=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT

installed_versions() {
    local name
    for name in python3.{11..15}; do
        "$name" -c 'import ensurepip, venv' 2>/dev/null && echo "$name"
    done
    return 0
}

stop() {
    echo "FAIL python versions: $1" >&2
    exit 1
}

# The program starts, takes a lead over HTTP, gives it back, and ends with status 0.
smoke_test() {
    local bin=$1 port server
    port=$("$bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    export LEADTRACKER_DATA_DIR=$2
    "$bin/leadtracker" up --port "$port" >"$2.log" 2>&1 &
    server=$!
    "$bin/python" - "$port" <<'PYTHON' || { kill "$server"; return 1; }
import sys, time, httpx
lead = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.com"}
for _ in range(600):
    try:
        sys.exit(httpx.post(f"http://127.0.0.1:{sys.argv[1]}/leads", json=lead).status_code != 201)
    except httpx.TransportError:
        time.sleep(0.1)
sys.exit("The server did not respond within a minute.")
PYTHON
    kill -TERM "$server"
    wait "$server" || return 1
    "$bin/leadtracker" leads export | grep --quiet ann@example.com
}

read -ra pythons <<<"${PYTHONS:-$(installed_versions | tr '\n' ' ')}"
((${#pythons[@]})) || { echo "SKIPPED python versions: no Python of 3.11 or newer with venv was found." >&2; exit 0; }
cd "$project"
checked=()
for python in "${pythons[@]}"; do
    version=$("$python" -c 'import sys; print(*sys.version_info[:3], sep=".")')
    environment=$folder/$version
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --quiet --require-hashes --requirement requirements/dev.txt
    "$environment/bin/python" -m pip install --quiet --quiet --no-deps --no-build-isolation --editable .
    "$environment/bin/python" -m pytest --quiet -n 2 -p no:cacheprovider tests/unit >"$environment.log" 2>&1 \
        || { tail -n 30 "$environment.log"; stop "the unit tests fail on Python $version."; }
    smoke_test "$environment/bin" "$environment-data" || { tail -n 5 "$environment-data.log"; stop "Python $version does not run it."; }
    echo "ok   Python $version: $(tail -n 1 "$environment.log")"
    checked+=("$version")
done
echo "PASS python versions: ${checked[*]}"
