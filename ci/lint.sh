#!/usr/bin/env bash
# Formatting of everything and static analysis, both as errors.
#   ci/lint.sh                 every source; takes an hour on two cores
#   ci/lint.sh BASE [MINUTES]  clang-tidy on what changed since that commit, the most changed files first, for at most
#                              MINUTES; says how many files it did not get to
set -euo pipefail
cd "$(dirname "$0")/.."
base=${1:-} minutes=${2:-1000}

git ls-files '*.cpp' '*.h' | xargs clang-format --dry-run --Werror
echo "clang-format: every source is formatted"

# Moved files count with the lines that changed in them.
if [ -n "$base" ]; then
  mapfile -t files < <(git diff --numstat --find-renames=40% --diff-filter=d "$base" HEAD -- 'harness/*.cpp' |
    awk '$1 + $2 > 0 {path = $3; if (match($0, /\{.* => .*\}/)) {split($0, words, "\t"); path = words[3]; gsub(/\{[^}]* => /, "", path); gsub(/\}/, "", path)} print $1 + $2, path}' |
    sort -rn | cut -d' ' -f2)
else
  mapfile -t files < <(git ls-files 'harness/*.cpp')
fi
if [ ${#files[@]} -eq 0 ]; then echo "clang-tidy: no source changed"; exit 0; fi
cmake --preset dev >/dev/null
cmake --build --preset dev --target offlab_version >/dev/null
log=$(mktemp) looked=$(mktemp) end=$((SECONDS + 60 * minutes))
trap 'rm -f "$log" "$looked"' EXIT
tidy() {
  [ "$(date +%s)" -lt "$2" ] || exit 0
  echo "$1" >> "$4"
  clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/dev "$1" >> "$3" 2>/dev/null || echo "$1: refused" >> "$3"
}
export -f tidy
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -I{} bash -c 'tidy "$@"' _ {} "$(($(date +%s) + end - SECONDS))" "$log" "$looked"
if grep -q ': refused$\|error:' "$log"; then
  cat "$log" >&2
  echo "clang-tidy: refuses $(grep -c ': refused$' "$log") of $(wc -l < "$looked") files" >&2
  exit 1
fi
echo "clang-tidy: $(wc -l < "$looked") of ${#files[@]} files that changed, nothing found; $((${#files[@]} - $(wc -l < "$looked"))) not looked at"
