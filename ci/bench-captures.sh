#!/usr/bin/env bash
# What `offlab analyze` says of many captures: how many of each outcome, class and reason, which were slow or large, and
# which crashed it. NAME-wan.* and NAME-lan.* in one folder are judged as a pair, and each of them alone as well.
#   ci/bench-captures.sh [--limit SECONDS] [--list FILE] DIR [OFFLAB]
#     --limit   for one answer (default 60); what takes longer is ended and counts as hung
#     --list    a line for each answer: outcome, classes, violated invariants, seconds, MB, files; separated by tabs.
#               Two runs: diff <(cut -f1-3,6 BEFORE) <(cut -f1-3,6 AFTER)
#     OFFLAB    the program (default: $OFFLAB, or that of the release build)
# Exit status: 0; 1 when it crashed or hung; 2 when nothing could be judged.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export OFFLAB=${OFFLAB:-$here/../build/release/offlab}
exec python3 "$here/bench_captures.py" "$@"
