#!/usr/bin/env bash
# Damaged input under the address and undefined-behaviour sanitizers, ten thousand each (OFFLAB_MUTATIONS): topology
# files, captures, run folders, plans, files of the cache, requests and messages, what guests print, heads of saved guests.
# Then libFuzzer on captures, documents and what guests print, for as many seconds each as the first argument says (60).
# About ten minutes with the build. What libFuzzer found goes to build/fuzz/: input that crashes, and the corpora it grew.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset asan
cmake --build --preset asan --target fuzz_tests
./build/asan/tests/fuzz_tests

cmake --preset fuzz
cmake --build --preset fuzz
# What the allocator keeps for the sanitizer is bounded: giving it back stalls a busy machine for seconds.
export ASAN_OPTIONS=quarantine_size_mb=16:allocator_release_to_os_interval_ms=-1
seconds="${1:-60}"
fuzz() {  # NAME, then folders with what to begin with
  local corpus="build/fuzz/corpus-$1"
  mkdir -p "$corpus"
  "./build/fuzz/tests/$1_fuzzer" -max_total_time="$seconds" -max_len=20000 -timeout=60 -rss_limit_mb=1024 \
    -print_final_stats=1 -artifact_prefix=build/fuzz/ "$corpus" "${@:2}"
}
fuzz capture tests/fuzz/corpus-captures tests/data/captures
fuzz document
fuzz guest_output
