#!/usr/bin/env bash
# Captures of ordinary traffic through a healthy router, in a lab of offlab's own, and what `offlab analyze` says of them:
# none may fail. With pauses, resets, zero windows, keep-alives, losses, delays, reordering, honest path MTU discovery, few
# bytes and many; of one side, both, one direction, the `any` device. Then some of a faulty router, of which none may pass.
#   ci/ordinary-captures.sh [-r ROUNDS] [-k GLOB] DIR
#     -r   rounds of each kind of traffic, each in other circumstances (default 4: some 300 files, 9 minutes)
#     -k   only transfers with such a name
#     DIR  gets healthy/ and faulty/; what is there already is judged, not made again
# Needs root, and the release build; $OFFLAB and $TRAFFIC name other programs. Exit status: 1 when an answer is wrong, 2 when
# traffic broke off that should not have.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/release
[ "$(id -u)" = 0 ] || { echo "ordinary-captures: must be root" >&2; exit 2; }
if [ -z "${TRAFFIC:-}" ]; then cmake --build "$build" --target offlab-traffic > /dev/null; fi
export OFFLAB=${OFFLAB:-$build/offlab} TRAFFIC=${TRAFFIC:-$build/tests/offlab-traffic}
exec python3 "$here/ordinary_captures.py" "$@"
