#!/usr/bin/env bash
# How often offlab is wrong: `offlab selftest --rounds`, on an idle machine or a busy one; fills docs/error-rates.md.
#   ci/error-rates.sh [-b] ROUNDS FOLDER
#     -b      keep every core busy beside it
#     FOLDER  where the runs go; rounds that are there already are counted, not run again
set -euo pipefail
cd "$(dirname "$0")/.."
busy=0
while getopts b option; do case $option in b) busy=1 ;; *) exit 2 ;; esac; done
shift $((OPTIND - 1))
rounds=${1:?ROUNDS} folder=${2:?FOLDER} offlab=${OFFLAB:-$PWD/build/release/offlab}
load=()
trap '[ ${#load[@]} = 0 ] || kill "${load[@]}" 2>/dev/null || true' EXIT
if [ $busy = 1 ]; then for _ in $(seq "$(nproc)"); do (while :; do :; done) & load+=($!); done; fi
"$offlab" selftest --rounds "$rounds" --out "$folder" --markdown
