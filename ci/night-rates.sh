#!/usr/bin/env bash
# How often the alarms of `offlab nightly` are wrong, how soon they come, and how long it takes to look: made-up nights, judged
# by the product's own code. About half a minute. docs/error-rates.md has the figures.
set -euo pipefail
cd "$(dirname "$0")/.."
cmake --preset release >/dev/null
cmake --build --preset release --target offlab-night-rates >/dev/null
exec ./build/release/tests/offlab-night-rates
