#!/usr/bin/env bash
# The tests of every change, from a fresh clone: installs what is missing, builds, builds the guest image, runs ctest.
# Arguments go to ctest, for example `ci/test.sh -L unit`. The last lines are ctest's summary. Campaigns are in ci/soak.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
echo "build: everything (release)"
cmake --preset release
cmake --build --preset release --target offlab  # alone first, as ci/demo.sh has it: it must find all it needs
./build/release/offlab image build debian-12
cmake --build --preset release
./ci/build_vcsim.sh || true  # its tests say why they are skipped
exec ctest --test-dir build/release --parallel 3 --output-on-failure --label-exclude campaign "$@"
