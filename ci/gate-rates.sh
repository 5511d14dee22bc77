#!/usr/bin/env bash
# How often `offlab gate` is wrong: 10 000 gates each, from legs that gates of two equal arms have recorded. Arguments: their
# gate.json files; default: those in tests/data/equal-arms. docs/error-rates.md has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- tests/data/equal-arms/*.json
cmake --preset release >/dev/null
cmake --build --preset release --target offlab-gate-rates >/dev/null
exec ./build/release/tests/offlab-gate-rates "$@"
