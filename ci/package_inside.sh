#!/usr/bin/env bash
# What ci/package.sh does in the clean root: as root, but for what the user `engineer` does.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
said() { printf 'package: %s\n' "$*"; }
as_user() { su --login engineer --command "$*"; }

useradd --create-home --shell /bin/bash engineer
apt-get -qq update
said "installs the earlier version"
apt-get -qq install --yes --no-install-recommends /packages/earlier/*.deb >/apt.log 2>&1 || { tail /apt.log >&2; exit 1; }
dpkg-query --show offlab 'libofflab*'

said "upgrades"
apt-get -qq install --yes --no-install-recommends /packages/*.deb >/apt.log 2>&1 || { tail /apt.log >&2; exit 1; }
dpkg-query --show offlab 'libofflab*' | tee /versions
[ "$(grep -c "${VERSION//+/.}$" /versions)" -eq 3 ] || { echo "package: not all of them are $VERSION" >&2; exit 1; }

said "an ordinary user"
as_user "offlab --version"
as_user "offlab validate /usr/share/offlab/topologies/vmxnet3-router.toml"
as_user "offlab plan /usr/share/offlab/topologies/demo.toml" | tail -n 1
as_user "offlab selftest" | tail -n 1
mknod -m 0666 /tun c 10 200 && mount --bind /tun /dev/net/tun  # as an administrator allows it
as_user "offlab doctor"
[ ! -d /run/systemd/system ] && [ -f /lib/systemd/system/offlab-nightly.timer ]
if [ -n "$LAB" ]; then as_user "offlab demo --out demo" | head -n 14; fi

said "the example is built against the packages"
cp -r /example /home/engineer/example
chown -R engineer: /home/engineer/example
as_user "cmake -S example -B example/build -DCMAKE_BUILD_TYPE=Debug >/dev/null && cmake --build example/build >/dev/null && example/build/router_test --gtest_list_tests"

said "removes and purges"
rm -rf /home/engineer
mkdir -p /var/lib/offlab/cache /var/lib/offlab/nights
touch /var/lib/offlab/cache/image /var/lib/offlab/nights/result
apt-get -qq remove --yes offlab libofflab-dev 'libofflab0*' >/apt.log 2>&1
if [ -e /usr/bin/offlab ] || [ -e /usr/share/offlab ]; then echo "package: files are left after remove" >&2; exit 1; fi
# Those that have a script for it.
dpkg-query --show --showformat='${db:Status-Abbrev} ${Package}\n' | awk '/^rc .*offlab/ {print $2}' | xargs dpkg --purge >/apt.log 2>&1
[ ! -e /var/lib/offlab/cache ] && [ -e /var/lib/offlab/nights/result ]
rm -r /var/lib/offlab
find / -xdev -not -path '/proc/*' | grep -i offlab | grep -v '^/packages' >/left || true
if [ -s /left ]; then echo "package: what is left after purge:" >&2; cat /left >&2; exit 1; fi
said "nothing of it is left"
