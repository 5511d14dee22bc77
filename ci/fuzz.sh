#!/usr/bin/env bash
# Damaged input under the address and undefined-behaviour sanitizers: ten thousand topology files, ten thousand captures,
# then libFuzzer on captures for as many seconds as the first argument says (60). Some minutes with the build.
# What libFuzzer found goes to build/fuzz/: captures that crash, and the corpus it grew.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset asan
cmake --build --preset asan --target fuzz_tests
./build/asan/tests/fuzz_tests

cmake --preset fuzz
cmake --build --preset fuzz
mkdir -p build/fuzz/corpus
# What the allocator keeps for the sanitizer is bounded: giving it back stalls a busy machine for seconds.
export ASAN_OPTIONS=quarantine_size_mb=16:allocator_release_to_os_interval_ms=-1
exec ./build/fuzz/tests/capture_fuzzer -max_total_time="${1:-60}" -max_len=20000 -timeout=60 -rss_limit_mb=1024 \
  -print_final_stats=1 -artifact_prefix=build/fuzz/ build/fuzz/corpus tests/fuzz/corpus-captures tests/data/captures
