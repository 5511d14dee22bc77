#!/usr/bin/env bash
# How often offlab is wrong: topologies/error-rates again and again, healthy cases and known faults.
#   ci/error-rates.sh [-b] ROUNDS FOLDER
#     -b      keep both cores busy beside it
#     FOLDER  where the runs go, ROUND/FILE/run.json; rounds that are there already are kept and counted
# Prints the table of docs/error-rates.md. A false positive is a healthy case that is not healthy; a miss is a fault that
# comes out otherwise than its file says. Inconclusive is neither, and counted apart.
set -euo pipefail
cd "$(dirname "$0")/.."
busy=0
while getopts b option; do case $option in b) busy=1 ;; *) exit 2 ;; esac; done
shift $((OPTIND - 1))
rounds=${1:?ROUNDS} folder=${2:?FOLDER} offlab=${OFFLAB:-$PWD/build/release/offlab}
mkdir -p "$folder"
load=()
trap '[ ${#load[@]} = 0 ] || kill "${load[@]}" 2>/dev/null || true' EXIT
if [ $busy = 1 ]; then for _ in $(seq "$(nproc)"); do (while :; do :; done) & load+=($!); done; fi
for round in $(seq "$rounds"); do
  [ -e "$folder/$round" ] || "$offlab" verify topologies/error-rates --out "$folder/$round" > "$folder/$round.log" 2>&1 || true
  # A gigabyte of captures is of no use when everything came out as it should.
  find "$folder/$round" -name '*.pcapng' -delete
done
python3 - "$folder" << 'PYTHON'
import collections, glob, json, sys

def beta_bound(errors, cases):
    """Upper end of the exact (Clopper-Pearson) one-sided 95 % interval."""
    low, high = 0.0, 1.0
    for _ in range(60):
        p = (low + high) / 2
        term, total = (1 - p) ** cases, 0.0
        for k in range(errors + 1):
            total += term
            term *= (cases - k) / (k + 1) * p / (1 - p) if p < 1 else 0
        low, high = (p, high) if total > 0.05 else (low, p)
    return high

counts = collections.defaultdict(collections.Counter)
for name in sorted(glob.glob(sys.argv[1] + "/*/*/run.json")):
    for case in json.load(open(name))["cases"]:
        kind = "healthy" if case["expect"] == "healthy" else "faulty"
        word = "right" if case["outcome"] == "pass" else "wrong" if case["outcome"] == "fail" else case["outcome"]
        counts[kind][word] += 1
        if word != "right":
            print(f"# {name} {case['id']}: {case['outcome']} {case['class']}: {case['reason'][:160]}", file=sys.stderr)
print("| cases | judged | wrong | at most, 95 % confidence | inconclusive | error |\n|---|---|---|---|---|---|")
for kind in ("healthy", "faulty"):
    c = counts[kind]
    judged = c["right"] + c["wrong"]
    print(f"| {kind} | {judged} | {c['wrong']} | {100 * beta_bound(c['wrong'], judged) if judged else 100:.1f} % | {c['inconclusive']} | {c['error'] + c['skip']} |")
PYTHON
