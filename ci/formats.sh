#!/usr/bin/env bash
# Reads what offlab writes for other programs with programs of others: run.json, JUnit, KTAP, CTRF, GitHub, Markdown.
#   ci/formats.sh [RUN...]     run folders; without them the recorded run of the tests
# Needs the built program, and Debian's npm, cmark-gfm and python3-junitparser (ci/deps.sh), and npm's registry for the
# packages of tests/formats/package.json.
set -euo pipefail
cd "$(dirname "$0")/.."
offlab=${OFFLAB:-build/release/offlab}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ ! -d tests/formats/node_modules ]; then
  (cd tests/formats && npm ci --no-audit --no-fund --ignore-scripts > "$work/npm.log" 2>&1) || { cat "$work/npm.log"; exit 3; }
fi
[ $# -gt 0 ] || set -- tests/data/recorded-run
number=0
for run; do
  number=$((number + 1))
  out=$work/$number
  # judge gives the verdict's exit status
  "$offlab" judge "$run" --out "$out" --format junit="$work/junit.xml" --format ktap="$work/run.ktap" \
    --format ctrf="$work/run.ctrf.json" --format github="$work/annotations.txt" --format markdown="$work/run.md" \
    --format github-summary="$work/summary.md" > /dev/null || [ $? -le 4 ]
  mv "$work"/{junit.xml,run.ktap,run.ctrf.json,annotations.txt,run.md,summary.md} "$out/"
  echo "== $run"
  node tests/formats/check.mjs "$out" docs/schemas/run.schema.json
done
