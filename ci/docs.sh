#!/usr/bin/env bash
# The documentation: is what it says still so? Needs the built program (OFFLAB=PROGRAM, default build/release/offlab), mkdocs and npm.
#   ci/docs.sh              links and anchors, what is made from the sources, the pages, every command line; runs the blocks that need no lab
#   ci/docs.sh --run        the same, and runs the blocks that build labs: six minutes under emulation
#   ci/docs.sh --write      writes what is made from the sources: docs/commands.md, the tables of docs/topology.md and docs/verdict.md
#   ci/docs.sh --commands   only: is docs/commands.md what `--help` says?
# The pages are in build/docs afterwards.
set -euo pipefail
cd "$(dirname "$0")/.."
offlab=$(realpath "${OFFLAB:-build/release/offlab}")
[ -x "$offlab" ] || { echo "docs: there is no $offlab; build it, or name it: OFFLAB=PROGRAM" >&2; exit 3; }

commands_are_current() {
  ./ci/docs/write_commands.py "$offlab" | diff -u docs/commands.md - ||
    { echo "docs/commands.md is not what --help says: ci/docs.sh --write" >&2; return 1; }
  echo "commands: docs/commands.md is what --help says"
}

# Between the mark `offlab schema OPTION` of a page and its end.
write_table() {
  python3 - "$1" "$2" "$("$offlab" schema "$2")" <<'END'
import re, sys
page, option, table = sys.argv[1:]
text = open(page).read()
mark = f"<!-- offlab schema {option} -->"
end = "\n<!-- end -->"
gap = "\n\n" if option == "--invariants" else "\n"
begin = text.index(mark) + len(mark)
open(page, "w").write(text[:begin] + gap + table + "\n" + text[text.index(end, begin):])
END
}

case ${1:-} in
  --commands) commands_are_current; exit ;;
  --write)
    ./ci/docs/write_commands.py "$offlab" > docs/commands.md.new && mv docs/commands.md.new docs/commands.md
    write_table docs/topology.md --markdown
    write_table docs/verdict.md --invariants
    exit ;;
  --run) labs=--lab ;;
  "") labs= ;;
  *) echo "usage: ci/docs.sh [--run | --write | --commands]" >&2; exit 2 ;;
esac

failed=
part() { "$@" || { failed=1; echo "docs: $1 failed" >&2; }; }

links() {
  mkdir -p build/docs-links && cp ci/docs/package.json ci/docs/package-lock.json build/docs-links &&
    (cd build/docs-links && npm ci --silent --no-audit --no-fund) || return 1
  build/docs-links/node_modules/.bin/remark --frail --no-stdout --quiet --no-color \
    --use './build/docs-links/node_modules/remark-validate-links/index.js=repository:false,root:"."' README.md docs || return 1
  echo "links: each leads to a file and a heading that are there"
}

schemas() {
  local missing=
  for schema in $(grep -rhoE '"offlab\.[a-z-]+/[0-9]+"' harness --include=*.cpp | tr -d '"' | sort -u); do
    grep -q "\`$schema\`\|${schema%/*}.*\`/${schema#*/}\`" docs/formats.md || { echo "docs/formats.md: $schema is missing"; missing=1; }
  done
  [ -z "$missing" ] && echo "formats: docs/formats.md has every schema"
}

site() {
  mkdocs build --strict --quiet --clean || return 1
  # Nothing is fetched from elsewhere.
  if grep -rnE '(src|href)="(https?:)?//[^"]*\.(js|css|woff2?|png)' build/docs --include=*.html; then return 1; fi
  echo "pages: in build/docs"
}

part links
part schemas
part commands_are_current
part site
part ./ci/docs/blocks.py check "$offlab"
part ./ci/docs/blocks.py run "$offlab" $labs
[ -z "$failed" ]
