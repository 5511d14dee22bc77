#!/usr/bin/env bash
# The unit ring under the address and undefined-behaviour sanitizers, then what has threads under the thread sanitizer.
# Some minutes to build. Arguments go to the test programs.
set -euo pipefail
cd "$(dirname "$0")/.."

cmake --preset asan >/dev/null
cmake --build --preset asan --target unit_tests
echo "unit ring under ASan and UBSan"
./build/asan/tests/unit_tests --gtest_brief=1 "$@"

cmake --preset tsan >/dev/null
cmake --build --preset tsan --target threaded_tests
echo "threaded parts under TSan"
TSAN_OPTIONS=halt_on_error=1 ./build/tsan/tests/threaded_tests --gtest_brief=1 "$@"
