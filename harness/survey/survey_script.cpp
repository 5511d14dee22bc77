#include "survey/survey_script.h"

namespace offlab {

std::string_view survey_script() {
  return R"sh(LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
export LC_ALL PATH
section() { printf '\n==> %s <==\n' "$*"; }
value() { [ ! -r "$1" ] || cat "$1" 2>/dev/null; }
target() { [ ! -e "$1" ] || basename "$(readlink -f "$1")"; }
section uname -sr
uname -sr
section /etc/os-release
grep ^PRETTY_NAME= /etc/os-release 2>/dev/null
if [ "$(uname -s)" = FreeBSD ]; then
  section kenv
  echo "product: $(kenv -q smbios.system.maker 2>/dev/null) $(kenv -q smbios.system.product 2>/dev/null)"
  section sysctl
  sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding kern.vm_guest 2>/dev/null
  section ifconfig -a
  ifconfig -a
  section end
  exit 0
fi
section dmi
echo "product: $(value /sys/class/dmi/id/sys_vendor) $(value /sys/class/dmi/id/product_name)"
section sysctl
for file in /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv[46]/conf/*/forwarding; do
  [ ! -r "$file" ] || echo "${file#/proc/sys/} = $(cat "$file")"
done
section links
for link in /sys/class/net/*; do
  [ -r "$link/mtu" ] || continue
  name=${link##*/}
  line="link=$name mtu=$(value "$link/mtu") flags=$(value "$link/flags") address=$(value "$link/address")"
  line="$line kind=$(value "$link/uevent" | sed -n s/^DEVTYPE=//p) master=$(target "$link/master")"
  line="$line driver=$(target "$link/device/driver")"
  for lower in "$link"/lower_*; do
    [ ! -e "$lower" ] || line="$line lower=${lower##*/lower_}"
  done
  case $line in *driver=virtio_net*) line="$line virtio=$(value "$link/device/features")" ;; esac
  [ ! -r "/proc/net/vlan/$name" ] || line="$line vlan=$(sed -n 's/.*VID: \([0-9]*\).*/\1/p' "/proc/net/vlan/$name")"
  echo "$line"
done
section ip -j addr
ip -d -j addr 2>/dev/null
section ip -j route
ip -j route show default 2>/dev/null
ip -j -6 route show default 2>/dev/null
for link in /sys/class/net/*; do
  [ -e "$link/device" ] || continue
  section ethtool -i "${link##*/}"
  ethtool -i "${link##*/}" 2>/dev/null
  section ethtool -k "${link##*/}"
  ethtool -k "${link##*/}" 2>/dev/null
done
section end
)sh";
}

}  // namespace offlab
