#!/usr/bin/env bash
# A night of a lab host, for a timer or a CI job: builds offlab, goes on with a night that did not end, or begins one.
#   ci/nightly.sh CAMPAIGN.toml [FOLDER]   nights and their history go into FOLDER (default: nights)
# Exit status: that of `offlab nightly` (0 pass, 1 fail, 2 usage, 3 error, 4 inconclusive).
set -euo pipefail
campaign=$(realpath "${1:?usage: ci/nightly.sh CAMPAIGN.toml [FOLDER]}")
nights=$(realpath -m "${2:-nights}")
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset release
cmake --build --preset release --target offlab
mkdir -p "$nights"

# The newest night without an answer goes on when it is of today: yesterday's is over.
unfinished=
for begin in "$nights"/*/begin.json; do
  night=$(dirname "$begin")
  if [ -f "$begin" ] && [ ! -f "$night/night.json" ] && [ -n "$(find "$begin" -mmin -720)" ]; then unfinished=$night; fi
done
if [ -n "$unfinished" ]; then
  echo "going on with $unfinished"
  exec ./build/release/offlab nightly --resume "$unfinished"
fi
exec ./build/release/offlab nightly "$campaign" --out "$nights/$(date -u +%Y%m%d-%H%M%S)" --history "$nights/history.sqlite"
