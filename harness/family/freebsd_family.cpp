#include "family/freebsd_family.h"

#include <array>
#include <sstream>
#include <string_view>

#include <fmt/core.h>

#include "base/shell_words.h"

namespace offlab {
namespace {

constexpr const char* programs = "ifconfig netstat sysctl awk tcpdump";

// ifconfig's word for what it prints in "options=". Source: FreeBSD sbin/ifconfig/ifconfig.c and ifvlan.c; the manual
// ifconfig(8).
struct OptionRow {
  std::string_view printed;
  std::string_view word;
};
constexpr std::array options = {OptionRow{"RXCSUM", "rxcsum"},
                                OptionRow{"TXCSUM", "txcsum"},
                                OptionRow{"RXCSUM_IPV6", "rxcsum6"},
                                OptionRow{"TXCSUM_IPV6", "txcsum6"},
                                OptionRow{"TSO4", "tso4"},
                                OptionRow{"TSO6", "tso6"},
                                OptionRow{"LRO", "lro"},
                                OptionRow{"VLAN_MTU", "vlanmtu"},
                                OptionRow{"VLAN_HWTAGGING", "vlanhwtag"},
                                OptionRow{"VLAN_HWFILTER", "vlanhwfilter"},
                                OptionRow{"VLAN_HWCSUM", "vlanhwcsum"},
                                OptionRow{"VLAN_HWTSO", "vlanhwtso"}};

// What ethtool's short names are in ifconfig: one word or two.
struct FeatureRow {
  std::string_view feature;
  std::string_view first;
  std::string_view second = {};
};
constexpr std::array features = {FeatureRow{.feature = "lro", .first = "lro"},
                                 FeatureRow{.feature = "tso", .first = "tso"},
                                 FeatureRow{.feature = "tx-tcp-segmentation", .first = "tso4"},
                                 FeatureRow{.feature = "tx-tcp6-segmentation", .first = "tso6"},
                                 FeatureRow{.feature = "rx", .first = "rxcsum", .second = "rxcsum6"},
                                 FeatureRow{.feature = "tx", .first = "txcsum", .second = "txcsum6"}};

std::string switched(std::string_view word, bool on) {
  return fmt::format("{}{}", on ? "" : "-", word);
}

// "RXCSUM,LRO" of "options=403<RXCSUM,LRO>", with ',' around it.
std::string list_in(const std::string& line) {
  const auto begin = line.find('<');
  const auto end = line.find('>');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return ",";
  return "," + line.substr(begin + 1, end - begin - 1) + ",";
}

bool has(const std::string& list, std::string_view word) {
  return list.find(fmt::format(",{},", word)) != std::string::npos;
}

// NICs: "NAME MAC MTU 0xFLAGS". The flags are hexadecimal there, the lowest bit is UP.
constexpr const char* awk_nics = R"(
  function told() { if (name != "") print name, (mac == "" ? "-" : mac), mtu, "0x" flags }
  / flags=/ && /^[^ \t]/ {
    told(); name = $1; sub(/:$/, "", name); mac = ""; mtu = 0
    flags = $2; sub(/^flags=/, "", flags); sub(/<.*/, "", flags)
    for (i = 3; i < NF; i++) if ($i == "mtu") mtu = $(i + 1)
  }
  $1 == "ether" { mac = $2 }
  END { told() })";

// Addresses as `ip -o address show` has them.
constexpr const char* awk_addresses = R"(
  function bits(mask,   n, i, digit) {
    n = 0
    for (i = 3; i <= length(mask); i++)
      for (digit = index("0123456789abcdef", substr(mask, i, 1)) - 1; digit > 0; digit = int(digit / 2)) n += digit % 2
    return n
  }
  function word_behind(word,   i) { for (i = 3; i < NF; i++) if ($i == word) return $(i + 1); return "" }
  / flags=/ && /^[^ \t]/ { name = $1; sub(/:$/, "", name); next }
  $1 == "inet" || $1 == "inet6" {
    address = $2; sub(/%.*/, "", address)
    if (address !~ /\//) address = address "/" ($1 == "inet" ? bits(word_behind("netmask")) : word_behind("prefixlen"))
    print "0:", name, $1, address
  })";

class FreebsdFamily : public GuestFamily {
 public:
  std::string warning() const override { return "runs FreeBSD: not tried on a real FreeBSD"; }

  std::string tool_path() const override { return "/var/run/offlab:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin"; }

  std::string enter_tool_folder() const override { return "d=/var/run/offlab; mkdir -p $d && : > $d/.tools && cd $d"; }

  std::string remove_tools() const override {
    return "if [ -e /var/run/offlab/.tools ]; then rm -rf /var/run/offlab; fi; :";
  }

  std::string state_script() const override { return "offlab-state-freebsd.sh"; }

  // Its boot empties /var/run (rc.d/cleanvar).
  std::string lock_folder() const override { return "d=/var/run/offlab.lock; "; }
  std::string lock_name() const override { return "/var/run/offlab.lock"; }

  std::string report_script() const override {
    return fmt::format(
        "echo '==> system <=='; uname -sr; if command -v opnsense-version > /dev/null; then opnsense-version; "
        "elif [ -r /etc/platform ] && [ -r /etc/version ]; then echo \"$(cat /etc/platform) $(cat /etc/version)\"; fi\n"
        "echo '==> nics <=='; ifconfig -a | awk '{}'\n"
        "echo '==> addresses <=='; ifconfig -a | awk '{}'\n"
        "echo '==> missing <=='; for p in {}; do command -v $p > /dev/null || echo $p; done\n"
        "echo '==> ip_forward <=='; sysctl -n net.inet.ip.forwarding\n"
        "echo '==> ipv6_forwarding <=='; sysctl -n net.inet6.ip6.forwarding 2> /dev/null || echo 0\n"
        "echo '==> end <=='\n",
        awk_nics, awk_addresses, programs);
  }

  std::string forwarding_name(Family family) const override {
    return family == Family::ipv4 ? "net.inet.ip.forwarding" : "net.inet6.ip6.forwarding";
  }

  // What is written to the console is in the kernel's message buffer, too: sysctl kern.log_console_output, on unless
  // somebody switched it off (sys/kern/subr_prf.c). `dmesg -a` shows it.
  std::string write_log(const std::string& line) const override {
    return fmt::format("echo '{}' > /dev/console\n", line);
  }

  // The columns are counted from the right: a NIC need not have an address, and old releases have no "Idrop".
  std::string count_bytes(const std::vector<std::string>& devices, int rounds) const override {
    std::string words;
    for (const std::string& device : devices) words += " " + shell_quoted(device);
    return fmt::format(
        "i=0; while [ $i -lt {} ]; do for d in{}; do l=$(netstat -I $d -b -n | "
        "awk -v d=$d '$3 ~ /^<Link#/ {{ print d, $(NF - 4), $(NF - 1); exit }}'); "
        "[ -n \"$l\" ] && echo \"$l\" || exit 1; done; sleep 0.1; i=$((i+1)); done",
        rounds, words);
  }

  std::string show_mac(const std::string& device) const override {
    return fmt::format("ifconfig {} | awk '$1 == \"ether\" {{ print $2; exit }}'", shell_quoted(device));
  }

  // libpcap older than 1.10 knows no nanoseconds on BPF.
  std::string tcpdump_words() const override { return ""; }

  // A structure: sysctl prints it as it is with -b. Releases that do not have it say nothing, and then nobody can tell
  // one boot from another: what was switched is put back after a boot, too.
  std::string show_boot() const override {
    return R"(b=$(sysctl -b kern.boot_id 2> /dev/null | od -An -tx1 | tr -d ' \n'); echo "${b:-unknown}")";
  }

  std::string show_offloads() const override { return "ifconfig -m"; }

  // "capabilities=" has what can be switched, "options=" what is on. There is no "options=" where nothing is.
  std::map<std::string, bool> offloads_in(const std::string& text) const override {
    std::string on;
    std::string able;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const auto begin = line.find_first_not_of("\t ");
      if (begin == std::string::npos) continue;
      if (line.compare(begin, 8, "options=") == 0) on = list_in(line);
      if (line.compare(begin, 13, "capabilities=") == 0) able = list_in(line);
    }
    std::map<std::string, bool> all;
    for (const OptionRow& row : options)
      if (has(able, row.printed)) all[std::string(row.word)] = has(on, row.printed);
    return all;
  }

  std::string switch_back(const std::string& device, const std::string& name, bool on) const override {
    return fmt::format("ifconfig {} {}", device, switched(name, on));
  }

  std::string show_mtu(const std::string& device) const override {
    return fmt::format("ifconfig {} | awk '/ flags=/ {{ for (i = 3; i < NF; i++) if ($i == \"mtu\") print $(i + 1) }}'",
                       shell_quoted(device));
  }

  std::string set_mtu(const std::string& device, unsigned mtu) const override {
    return fmt::format("ifconfig {} mtu {}", device, mtu);
  }

  std::string switch_offloads() const override { return "ifconfig"; }

  std::string offload_word(const std::string& feature, bool on) const override {
    for (const FeatureRow& row : features)
      if (row.feature == feature)
        return switched(row.first, on) + (row.second.empty() ? "" : " " + switched(row.second, on));
    return "";
  }
};

}  // namespace

const GuestFamily& freebsd_family() {
  static const FreebsdFamily family;
  return family;
}

}  // namespace offlab
