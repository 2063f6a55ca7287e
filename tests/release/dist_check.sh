#!/usr/bin/env bash
# Check the files that `make dist` has built: their contents, and that the wheel runs where nothing else is installed.
# The first argument is the Python interpreter. The last line is PASS or FAIL.
set -euo pipefail

stop() {
    echo "FAIL dist: $1" >&2
    exit 1
}

python=$(realpath --no-symlinks "$1")
project=$(cd "$(dirname "$0")/../.." && pwd)
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
wheel=$(ls "$project"/dist/*.whl) || stop "there is no wheel."
source=$(ls "$project"/dist/*.tar.gz) || stop "there is no source distribution."

# Every file of the program is in both; secrets, data and tests are not in the wheel.
(cd "$project" && find leadtracker -type f -not -path "*/__pycache__/*") | sort >"$folder/expected"
"$python" -m zipfile --list "$wheel" | awk 'NR > 1 { print $1 }' | sort >"$folder/wheel"
tar -tzf "$source" | sed 's#^[^/]*/##' | sort >"$folder/source"
for archive in wheel source; do
    missing=$(comm -23 "$folder/expected" "$folder/$archive")
    [[ -z $missing ]] || stop "the $archive lacks: $missing"
done
! grep -vE '^(leadtracker/|leadtracker-[^/]*\.dist-info/)' "$folder/wheel" || stop "the wheel has files that are not of the program."
! grep -E '(^|/)(\.env|secret_key|.*\.db)$' "$folder/source" || stop "the source distribution has private files."
echo "ok   contents: $(wc -l <"$folder/wheel") files in the wheel, $(wc -l <"$folder/source") in the source distribution"

"$python" -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip install --quiet --quiet --require-hashes --requirement "$project/requirements/run.txt"
"$folder/environment/bin/python" -m pip install --quiet --quiet --no-deps "$wheel"
"$folder/environment/bin/python" -m pip check >/dev/null || stop "pip check finds conflicts."
cd "$folder"
unset PYTHONPATH
export PATH=$folder/environment/bin:/usr/bin:/bin
leadtracker --version
printf 'first_name,last_name,email\nAnn,Lee,ann@example.com\n' >leads.csv
leadtracker leads import leads.csv | grep -q 'created=1' || stop "no lead can be imported."
leadtracker openapi >/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
leadtracker up --port "$port" >up.log 2>&1 &
server=$!
status=1
for _ in {1..600}; do
    if python3 -c "import urllib.request as u; u.urlopen('http://127.0.0.1:$port/')" 2>/dev/null; then
        status=0
        break
    fi
    sleep 0.1
done
kill -TERM "$server"
wait "$server" || stop "the server did not end with status 0: $(tail -n 3 up.log)"
((status == 0)) || stop "the form did not appear within a minute: $(tail -n 3 up.log)"
echo "PASS dist: the wheel runs in an empty environment."
