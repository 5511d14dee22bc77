#!/usr/bin/env bash
# From a fresh clone to the fault and its fix: installs what is missing, builds offlab, builds the guest image, runs the
# demonstration. Arguments go to `offlab demo`.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh build
log=$(mktemp)
echo "build: offlab (release); a few minutes the first time (tail -f $log)"
trap 'rm -f "$log"' EXIT
{ cmake --preset release && cmake --build --preset release --target offlab; } >"$log" 2>&1 ||
  { tail -n 40 "$log" >&2; echo "build: failed" >&2; exit 3; }
echo "build: done"
rm -f "$log"
# As root in another user's clone: runs are not kept in a folder that others can change.
[ "$(stat -c %u .)" = "$(id -u)" ] || [[ " $* " == *" --out"* ]] || set -- --out "$(mktemp -d)/run" "$@"
exec ./build/release/offlab demo "$@"
