#!/usr/bin/env bash
# Run LeadTracker as two hosts would, on one machine: two web servers and two schedulers that share nothing but what is named here.
#
#   LEADTRACKER_DATABASE_URL=postgresql://user:password@host/name \
#   LEADTRACKER_RESUMES_URL=s3://bucket/prefix LEADTRACKER_RATE_LIMIT_STORAGE=redis://host:6379 \
#   LEADTRACKER_SECRET_KEY=… deploy/two-hosts.sh FOLDER [PORT_A PORT_B]
#
# Each host gets a separate data folder, FOLDER/a and FOLDER/b, with its log and its process id. Ctrl-C or SIGTERM ends both. On real
# hosts, run `leadtracker up` on each with the same settings, and put a proxy that tries the other host in front of them.
# LEADTRACKER names another command than `leadtracker`.
set -euo pipefail

folder=${1:?"Name a folder for the data of the two hosts."}
ports=("${2:-8001}" "${3:-8002}")
: "${LEADTRACKER_DATABASE_URL:?"Two hosts share a PostgreSQL database."}"
: "${LEADTRACKER_RESUMES_URL:?"Two hosts share a store of files: s3://BUCKET/PREFIX or database:."}"
: "${LEADTRACKER_SECRET_KEY:?"Two hosts share a secret key, or sessions of one are unknown to the other."}"
read -ra command <<<"${LEADTRACKER:-leadtracker}"

"${command[@]}" migrate
hosts=()
for number in 0 1; do
    name=$([[ $number == 0 ]] && echo a || echo b)
    mkdir -p "$folder/$name"
    LEADTRACKER_DATA_DIR=$folder/$name LEADTRACKER_PORT=${ports[number]} \
        "${command[@]}" up >>"$folder/$name/log" 2>&1 &
    hosts+=($!)
    echo $! >"$folder/$name/pid"
    echo "Host $name: http://127.0.0.1:${ports[number]}, process $!, log in $folder/$name/log"
done
trap 'kill -TERM "${hosts[@]}" 2>/dev/null || true' INT TERM
# A signal ends `wait` early; the hosts are then given the time to finish what they do.
for host in "${hosts[@]}"; do
    while kill -0 "$host" 2>/dev/null; do wait "$host" || true; done
done
