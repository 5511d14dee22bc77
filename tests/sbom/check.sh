#!/usr/bin/env bash
# Is the SBOM what SPDX 3.0.1 asks for? check.sh FILE. The schema of SPDX is taken from the package of cdxgen, which has it as
# it was published; that of SPDX 2.3 can be had neither from Debian nor from npm. A wrong SBOM must be found as well.
set -euo pipefail
file=$(realpath "${1:?usage: check.sh FILE}")
cd "$(dirname "$0")"
schema=node_modules/spdx.schema.json
sum=873ff9d3177a0c12495fe585c5012f7bec0aa70aabed1f2f1e79f25bd95eb107
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

if ! echo "$sum  $schema" | sha256sum --check --status 2>/dev/null; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  npm pack @cyclonedx/cdxgen@12.8.4 --silent --pack-destination "$scratch" >/dev/null
  tar --extract --gzip --to-stdout --file "$scratch"/*.tgz package/data/spdx-export.schema.json >"$scratch/schema"
  echo "$sum  $scratch/schema" | sha256sum --check --status || { echo "sbom: the schema is another one than expected" >&2; exit 3; }
  mv "$scratch/schema" "$schema"
fi
node validate.mjs "$file" "$schema"
sed '0,/"algorithm": "sha256"/s//"algorithm": "sha257"/' "$file" >"$scratch/wrong.json"
if node validate.mjs "$scratch/wrong.json" "$schema" >/dev/null 2>&1; then
  echo "sbom: the schema lets everything pass" >&2
  exit 1
fi
