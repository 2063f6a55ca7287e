#!/usr/bin/env bash
# Check that the locked dependencies have wheels for every platform and Python version that the documentation names.
#
# Nothing is installed; the package index is asked. The first argument is the uv that resolves. The last line is PASS or FAIL.
# A platform is listed here when the program is said to run there without a compiler.
set -euo pipefail

readonly PLATFORMS=(
    x86_64-unknown-linux-gnu   # servers
    aarch64-unknown-linux-gnu  # Graviton, Raspberry Pi, containers on Apple machines
    x86_64-unknown-linux-musl  # Alpine images
    aarch64-unknown-linux-musl
    aarch64-apple-darwin       # for developers
)
readonly VERSIONS=(3.11 3.12 3.13 3.14)

uv=$(realpath --no-symlinks "$1")
cd "$(dirname "$0")/../.."
folder=$(mktemp --directory)
trap 'rm -rf "$folder"' EXIT
failed=0
for platform in "${PLATFORMS[@]}"; do
    for version in "${VERSIONS[@]}"; do
        if "$uv" pip install --dry-run --quiet --python-platform "$platform" --python-version "$version" --only-binary :all: \
            --target "$folder/target" --require-hashes --requirement requirements/run.txt 2>"$folder/errors"; then
            echo "ok   $platform, Python $version"
        else
            echo "FAIL $platform, Python $version: $(tail -n 3 "$folder/errors" | tr '\n' ' ')"
            failed=1
        fi
    done
done
if ((failed)); then
    echo "FAIL platforms: a wheel is missing."
    exit 1
fi
echo "PASS platforms: every dependency has a wheel for ${#PLATFORMS[@]} platforms and Python ${VERSIONS[*]}."
