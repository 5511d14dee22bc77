#!/usr/bin/env bash
# What takes too long for every change: a hundred times SIGKILL at random moments of run, up, image build and judge, as root and
# as an ordinary user, a full disk, saved guests that are damaged, and the larger topologies, among them two more kernels. About
# half an hour. Arguments go to ctest.
set -euo pipefail
cd "$(dirname "$0")/.."

./ci/deps.sh
cmake --preset release
cmake --build --preset release
./build/release/offlab image build debian-12
export OFFLAB_KILLS=13 OFFLAB_SOAK=1
exec ctest --test-dir build/release --output-on-failure -L campaign "$@"
