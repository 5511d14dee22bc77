#include "family/linux_family.h"

#include <sstream>

#include <fmt/core.h>

#include "base/shell_words.h"

namespace offlab {
namespace {

constexpr const char* programs = "ip ethtool iperf3 tcpdump";

bool is_indented(const std::string& line) {
  return line.starts_with('\t') || line.starts_with(' ');
}

// A line with others indented below it sums these up, and is left out. What was asked for, which the NIC need not have
// taken.
std::map<std::string, bool> parse_offload_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::map<std::string, bool> features;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const auto colon = line.find(": ");
    const bool sums_up = !is_indented(line) && i + 1 < lines.size() && is_indented(lines[i + 1]);
    if (colon == std::string::npos || sums_up || line.find("[fixed]") != std::string::npos) continue;
    const std::string name = line.substr(line.find_first_not_of("\t "), colon - line.find_first_not_of("\t "));
    const std::string value = line.substr(colon + 2);
    if (value.find("[requested on]") != std::string::npos)
      features[name] = true;
    else if (value.find("[requested off]") != std::string::npos)
      features[name] = false;
    else
      features[name] = value.starts_with("on");
  }
  return features;
}

class LinuxFamily : public GuestFamily {
 public:
  std::string warning() const override { return ""; }

  std::string tool_path() const override { return "/run/offlab:/tmp/offlab:/usr/local/sbin:/usr/sbin:/sbin"; }

  // A tmpfs of its own runs programs, which /run and /tmp do not everywhere, and goes away with the guest.
  std::string enter_tool_folder() const override {
    return "d=/run/offlab; [ -d /run ] || d=/tmp/offlab; mkdir -p $d && { [ -e $d/.tools ] || { "
           "mount -t tmpfs -o mode=0755,size=64m tmpfs $d 2> /dev/null; : > $d/.tools; }; } && cd $d";
  }

  std::string remove_tools() const override {
    return "for t in /run/offlab /tmp/offlab; do if [ -e $t/.tools ]; then umount $t 2> /dev/null || rm -rf $t; "
           "rmdir $t 2> /dev/null; fi; done; :";
  }

  std::string state_script() const override { return ""; }

  std::string lock_folder() const override { return "d=/run; [ -d $d ] || d=/tmp; d=$d/offlab.lock; "; }
  std::string lock_name() const override { return "/run/offlab.lock"; }

  // For any shell of an ordinary Linux, busybox's included.
  std::string report_script() const override {
    return fmt::format(
        "echo '==> system <=='; uname -sr; [ -r /etc/os-release ] && . /etc/os-release && echo \"$PRETTY_NAME\"\n"
        "echo '==> nics <=='; for d in /sys/class/net/*; do [ -r $d/address ] && "
        "echo \"${{d##*/}} $(cat $d/address) $(cat $d/mtu) $(cat $d/flags)\"; done\n"
        "echo '==> addresses <=='; ip -o address show\n"
        "echo '==> missing <=='; for p in {}; do command -v $p > /dev/null || echo $p; done\n"
        "echo '==> ip_forward <=='; cat /proc/sys/net/ipv4/ip_forward\n"
        "echo '==> ipv6_forwarding <=='; cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null || echo 0\n"
        "echo '==> end <=='\n",
        programs);
  }

  std::string forwarding_name(Family family) const override {
    return family == Family::ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding";
  }

  std::string write_log(const std::string& line) const override { return fmt::format("echo '{}' > /dev/kmsg\n", line); }

  std::string count_bytes(const std::vector<std::string>& devices, int rounds) const override {
    std::string words;
    for (const std::string& device : devices) words += " " + shell_quoted(device);
    return fmt::format(
        "i=0; while [ $i -lt {} ]; do for d in{}; do read r < /sys/class/net/$d/statistics/rx_bytes && "
        "read t < /sys/class/net/$d/statistics/tx_bytes && echo \"$d $r $t\" || exit 1; done; sleep 0.1; i=$((i+1)); "
        "done",
        rounds, words);
  }

  std::string show_mac(const std::string& device) const override {
    return "cat " + shell_quoted("/sys/class/net/" + device + "/address");
  }

  std::string tcpdump_words() const override { return "--time-stamp-precision=nano "; }

  std::string show_boot() const override { return "cat /proc/sys/kernel/random/boot_id"; }
  std::string show_offloads() const override { return "ethtool -k"; }

  std::map<std::string, bool> offloads_in(const std::string& text) const override { return parse_offload_lines(text); }

  std::string switch_back(const std::string& device, const std::string& name, bool on) const override {
    return fmt::format("ethtool -K {} {} {}", device, name, on ? "on" : "off");
  }

  std::string show_mtu(const std::string& device) const override {
    return "cat " + shell_quoted("/sys/class/net/" + device + "/mtu");
  }

  std::string set_mtu(const std::string& device, unsigned mtu) const override {
    return fmt::format("ip link set dev {} mtu {}", device, mtu);
  }

  std::string switch_offloads() const override { return "ethtool -K"; }

  std::string offload_word(const std::string& feature, bool on) const override {
    return fmt::format("{} {}", feature, on ? "on" : "off");
  }
};

}  // namespace

const GuestFamily& linux_family() {
  static const LinuxFamily family;
  return family;
}

}  // namespace offlab
