#!/usr/bin/env bash
# Are the examples what the systems they are for accept? systemd-analyze, and the linters of GitHub Actions, GitLab CI and
# Jenkins from the npm registry (Node 20, Java, systemd). By hand, when an example changes; about two minutes the first time.
set -euo pipefail
cd "$(dirname "$0")/.."
here=$PWD work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p build/linters
(cd build/linters && npm install --silent --no-audit --no-fund --no-save \
  @action-validator/core@0.6.0 @action-validator/cli@0.6.0 gitlab-ci-local@4.63.0 npm-groovy-lint)
bin=$here/build/linters/node_modules/.bin

# A copy whose command exists here.
sed "s#^\(WorkingDirectory\|ExecStart\)=/opt/offlab#\1=$here#" examples/systemd/offlab-nightly.service > "$work/offlab-nightly.service"
cp examples/systemd/offlab-nightly.timer "$work"
systemd-analyze verify --man=no "$work/offlab-nightly.service" "$work/offlab-nightly.timer"
echo "systemd: the service and the timer are accepted"

"$bin/action-validator" examples/github/offlab.yml
echo "GitHub Actions: the workflow is accepted"

cp examples/gitlab/.gitlab-ci.yml "$work"
(cd "$work" && git init --quiet && git remote add origin git@example.net:lab/offlab.git && git add .gitlab-ci.yml &&
  git -c user.name=lint -c user.email=lint@example.net commit --quiet --message=lint && "$bin/gitlab-ci-local" --list-all 2>&1) |
  tee "$work/jobs" | grep -q '^nightly ' || { cat "$work/jobs" >&2; exit 1; }
echo "GitLab CI: the pipeline is accepted"

"$bin/npm-groovy-lint" --noserver --failon warning --path examples/jenkins --files '**/Jenkinsfile' > "$work/groovy" ||
  { cat "$work/groovy" >&2; exit 1; }
echo "Jenkins: the pipeline is accepted"
