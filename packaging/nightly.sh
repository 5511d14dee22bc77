#!/bin/sh
# A night of a lab host, for a timer: goes on with a night that did not end, or begins one.
#   nightly CAMPAIGN.toml FOLDER   nights and their history go into FOLDER
# OFFLAB: the program (default: offlab). Exit status: that of `offlab nightly` (0 pass, 1 fail, 2 usage, 3 error,
# 4 inconclusive).
set -eu
campaign=$(realpath "${1:?usage: nightly CAMPAIGN.toml FOLDER}")
nights=$(realpath -m "${2:?usage: nightly CAMPAIGN.toml FOLDER}")
offlab=${OFFLAB:-offlab}
mkdir -p "$nights"

# The newest night without an answer goes on when it is of today: yesterday's is over.
unfinished=
for begin in "$nights"/*/begin.json; do
  night=$(dirname "$begin")
  if [ -f "$begin" ] && [ ! -f "$night/night.json" ] && [ -n "$(find "$begin" -mmin -720)" ]; then unfinished=$night; fi
done
if [ -n "$unfinished" ]; then
  echo "going on with $unfinished"
  exec "$offlab" nightly --resume "$unfinished"
fi
exec "$offlab" nightly "$campaign" --out "$nights/$(date -u +%Y%m%d-%H%M%S)" --history "$nights/history.sqlite"
