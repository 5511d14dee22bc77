#!/usr/bin/env bash
# What takes too long for every change: a hundred times SIGKILL at random moments of run, up, image build and judge, as root and
# as an ordinary user, a full disk, saved guests that are damaged, and the larger topologies, among them two more kernels; before
# that the ten thousand damaged inputs of each kind that come after those of every change (OFFLAB_SEED), and nights that are
# killed fifty times and go on. About 45 minutes.
# Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset release
cmake --build --preset release
./build/release/offlab image build debian-12
OFFLAB_SEED=10000 ctest --test-dir build/release --output-on-failure -L fuzz
./ci/kill_nights.py 50
export OFFLAB_KILLS=13 OFFLAB_SOAK=1
exec ctest --test-dir build/release --output-on-failure -L campaign "$@"
