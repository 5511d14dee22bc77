#!/usr/bin/env bash
# How often `offlab bisect` is right, and in how many runs: 2000 searches each through the product's own loop, with labs that
# answer by themselves. Some seconds. docs/error-rates.md has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release --target offlab-bisect-rates >/dev/null
exec ./build/release/tests/offlab-bisect-rates
