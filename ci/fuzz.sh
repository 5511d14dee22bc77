#!/usr/bin/env bash
# Ten thousand damaged topology files under the address and undefined-behaviour sanitizers. Some minutes with the build.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset asan
cmake --build --preset asan --target fuzz_tests
exec ./build/asan/tests/fuzz_tests
