#!/usr/bin/env bash
# Tests of report.html in headless Chromium: it renders, filters and tooltips work, nothing is said on the console, no request
# leaves the page, axe-core finds nothing serious.
#   ci/browser.sh            on documents made up for the page
#   ci/browser.sh FILE...    on these reports as well
set -euo pipefail
reports=()
for file in "$@"; do
  [ -f "$file" ] || { echo "browser: there is no report '$file'" >&2; exit 2; }
  reports+=("$(realpath "$file")")
done
cd "$(dirname "$0")/.."

./ci/deps.sh
cd tests/browser
if ! cmp -s package-lock.json node_modules/.installed-lock; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed-lock
fi
OFFLAB_REPORTS=$(printf '%s\n' ${reports[@]+"${reports[@]}"})
export OFFLAB_REPORTS
exec node --test report_test.mjs
