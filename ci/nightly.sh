#!/usr/bin/env bash
# A night of a lab host from a source tree, for a timer or a CI job: builds offlab, goes on with a night that did not
# end, or begins one.
#   ci/nightly.sh CAMPAIGN.toml [FOLDER]   nights and their history go into FOLDER (default: nights)
# Exit status: that of `offlab nightly` (0 pass, 1 fail, 2 usage, 3 error, 4 inconclusive).
set -euo pipefail
campaign=$(realpath "${1:?usage: ci/nightly.sh CAMPAIGN.toml [FOLDER]}")
nights=$(realpath -m "${2:-nights}")
cd "$(dirname "$0")/.."

./ci/deps.sh build
cmake --preset release
cmake --build --preset release --target offlab
exec env OFFLAB="$PWD/build/release/offlab" ./packaging/nightly.sh "$campaign" "$nights"
