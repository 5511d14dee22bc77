// offlab-state-freebsd.sh and the commands of the FreeBSD family, in real shells, on programs that print what others
// published (tests/data/published/README.md). It is no FreeBSD.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/read_file.h"
#include "family/guest_family.h"
#include "folders.h"
#include "lab/guest_report.h"
#include "measure/counters.h"
#include "measure/guest_features.h"
#include "measure/sections.h"
#include "process/subprocess.h"
#include "ssh/sudo.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Sections = std::map<std::string, std::string>;

const GuestFamily& freebsd = family_of(SystemKind::freebsd);

fs::path published(const std::string& name) {
  return fs::path(tests_folder()) / "data/published" / (name + ".txt");
}

// What FreeBSD has beside ordinary programs prints one NIC or one protocol of a file.
class FreebsdScript : public testing::TestWithParam<std::vector<std::string>> {
 protected:
  void SetUp() override {
    if (shell().empty()) GTEST_SKIP() << "there is no " << GetParam().front();
  }

  // "/usr/bin/busybox"; empty where it is not installed.
  static std::string shell() {
    std::istringstream folders(std::getenv("PATH"));
    for (std::string folder; std::getline(folders, folder, ':');)
      if (const fs::path file = fs::path(folder) / GetParam().front(); fs::exists(file)) return file;
    return "";
  }

  // As a function, too: busybox may take its own program before any in PATH.
  void program(const std::string& name, const std::string& script) {
    const fs::path file = folder_.path() / name;
    functions_[name] = fmt::format("{}() {{ {} \"$@\"; }}\n", name, file.string());
    std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
    fs::permissions(file, fs::perms::owner_all);
  }

  // `ifconfig [-a | -m] [NIC]`
  void ifconfig_prints(const std::string& name) {
    program("ifconfig",
            "for nic; do :; done; awk -v nic=\"$nic\" '/^[^ \\t]/ { on = / flags=/ && (nic == \"-a\" || index($0, nic "
            "\": \") == 1) } on' " +
                published(name).string());
  }

  // `netstat -s -p PROTOCOL` and `netstat -I NIC -b -n`, whose table begins with the first letters of the NIC's name.
  void netstat_prints(const std::string& name) {
    program(
        "netstat",
        "if [ \"$1\" = -s ]; then awk -v p=\"$3:\" '/^[a-z0-9]+:$/ || /^root@/ { on = $0 == p } on' " +
            published(name).string() +
            "; else awk -v nic=\"$2\" '/^Name/ { head = $0 } /<Link#/ && index(nic, $1) == 1 { print head; print }' " +
            published(name).string() + "; fi");
  }

  std::string run(const std::string& script) const {
    std::vector<std::string> command = {"env", "PATH=" + folder_.path().string() + ":/usr/bin:/bin", shell()};
    command.insert(command.end(), GetParam().begin() + 1, GetParam().end());
    std::string whole;
    for (const auto& [name, function] : functions_) whole += function;
    command.insert(command.end(), {"-c", whole + script});
    return run_program(command, Deadline("a script", std::chrono::seconds(10))).output;
  }

  Sections state(const std::string& words) const {
    return parse_sections(
        run("set -- " + words + "\n. " + source_folder() + "/guest-images/" + freebsd.state_script()));
  }

  std::map<std::string, std::string> functions_;
  TempFolder folder_;
};

TEST_P(FreebsdScript, CountersOfARouterHaveTheNamesOfLinux) {
  netstat_prints("freebsd-netstat-router");
  const Sections sections = state("");
  const Counters counters = parse_paired_counters(sections.at("/proc/net/snmp"));
  EXPECT_EQ(counters.at("Ip.InReceives"), 172'604'905U);
  EXPECT_EQ(counters.at("Ip.ForwDatagrams"), 85'915'618U);
  EXPECT_EQ(counters.at("Ip.ReasmReqds"), 0U);
  EXPECT_EQ(counters.at("Icmp.InMsgs"), 2U);
  EXPECT_EQ(counters.at("IcmpMsg.OutType3"), 1U) << "sent, and not the 11913 that were to be";
  EXPECT_EQ(counters.count("Ip.FragFails"), 0U) << "the text ends before it: nobody knows";
  EXPECT_EQ(sections.count("/proc/net/snmp6"), 0U);
  EXPECT_EQ(sections.count("ip_forward"), 0U) << "there is no sysctl";
}

TEST_P(FreebsdScript, CountersOfFragmentsAreRead) {
  netstat_prints("freebsd-netstat-idle");
  const Counters counters = parse_paired_counters(state("").at("/proc/net/snmp"));
  EXPECT_EQ(counters.at("Ip.InReceives"), 29U);
  EXPECT_EQ(counters.at("Ip.FragFails"), 0U);
  EXPECT_EQ(counters.at("Ip.FragOKs"), 0U);
  EXPECT_EQ(counters.at("Ip.FragCreates"), 0U);
  EXPECT_EQ(counters.count("Icmp.InMsgs"), 0U) << "what was cut off does not count from 0";
}

TEST_P(FreebsdScript, WhatWasNeverSentOverIpv6IsNone) {
  netstat_prints("freebsd-netstat-icmp6");
  const Counters counters = parse_snmp6(state("").at("/proc/net/snmp6"));
  EXPECT_EQ(counters.at("Icmp6OutPktTooBigs"), 0U);
  EXPECT_EQ(counters.count("Ip6FragFails"), 0U) << "FreeBSD does not count it where it forwards";
}

TEST_P(FreebsdScript, OffloadsAreThoseThatFreebsdHas) {
  ifconfig_prints("freebsd-vtnet-lro");
  const Sections sections = state("vtnet0 vtnet1");
  const GuestFeatures features = parse_guest_features(sections.at("ethtool -k vtnet0"));
  EXPECT_TRUE(features.at("large-receive-offload").active);
  EXPECT_TRUE(features.at("tcp-segmentation-offload").active);
  EXPECT_TRUE(features.at("tx-tcp6-segmentation").active);
  EXPECT_TRUE(features.at("rx-checksumming").active);
  EXPECT_TRUE(features.at("large-receive-offload").fixed) << "nothing says that it can be switched";
  EXPECT_EQ(features.count("generic-receive-offload"), 0U);
  EXPECT_EQ(sections.at("mtu vtnet0"), "1500\n");
  EXPECT_EQ(sections.count("ethtool -k vtnet1"), 0U) << "there is no such NIC";
  EXPECT_EQ(sections.count("mtu vtnet1"), 0U);
}

TEST_P(FreebsdScript, OffloadsThatAreOffAreToldToo) {
  ifconfig_prints("pfsense-vtnet-igb-lro");
  const GuestFeatures features = parse_guest_features(state("igb0").at("ethtool -k igb0"));
  EXPECT_TRUE(features.at("large-receive-offload").active);
  EXPECT_FALSE(features.at("tcp-segmentation-offload").active);
  EXPECT_FALSE(features.at("tx-checksumming").active);
}

TEST_P(FreebsdScript, ErrorsOfANicAreRead) {
  netstat_prints("freebsd-netstat-interfaces");
  EXPECT_EQ(state("-s bridge0").at("ethtool -S bridge0"),
            "NIC statistics:\n     rx_errors: 0\n     rx_drops: 0\n     tx_errors: 4496\n");
}

TEST_P(FreebsdScript, ForwardingIsAsSysctlSays) {
  program("sysctl",
          "case $2 in net.inet.ip.forwarding) echo 1 ;; *) echo \"sysctl: unknown oid '$2'\" >&2; exit 1 ;; esac");
  const Sections sections = state("");
  EXPECT_EQ(sections.at("ip_forward"), "1\n");
  EXPECT_EQ(sections.count("ipv6_forwarding"), 0U);
}

TEST_P(FreebsdScript, TheKernelsLogBeginsWithTheMark) {
  program("dmesg",
          "[ \"$1\" = -a ] && printf 'before\\n<118>offlab: begin c 1\\nold\\n<118>offlab: begin c "
          "2\\n<30>daemon\\n<4>new\\n'");
  EXPECT_EQ(state("-l 'offlab: begin c 2'").at("kernel log"), "<118>offlab: begin c 2\n<4>new\n");
  EXPECT_EQ(state("-l 'offlab: begin c 3'").count("kernel log"), 0U) << "it wrapped, or was never written";
}

TEST_P(FreebsdScript, BytesOfNicsAreCounted) {
  netstat_prints("freebsd-netstat-interfaces");
  program("sleep", ":");
  EXPECT_EQ(run(freebsd.count_bytes({"bridge0", "tap0"}, 2)),
            "bridge0 5313151200 13320749763\ntap0 43722 475060\nbridge0 5313151200 13320749763\ntap0 43722 475060\n");
  EXPECT_THAT(run(freebsd.count_bytes({"tap1"}, 2) + "; echo never"), IsEmpty()) << "there is no such NIC";
}

TEST_P(FreebsdScript, TheMachineSaysWhatItIs) {
  ifconfig_prints("freebsd-xn-lro");
  program("uname", "echo 'FreeBSD 13.2-STABLE'");
  program("netstat", ":");
  program("sysctl", "echo 1");
  program("tcpdump", ":");
  const GuestReport report = parse_guest_report(run(freebsd.report_script()));
  EXPECT_THAT(report.system, StartsWith("FreeBSD 13.2-STABLE"));
  ASSERT_EQ(report.nics.count("xn0"), 1U);
  EXPECT_EQ(report.nics.at("xn0").mac, "02:00:5e:00:08:01");
  EXPECT_EQ(report.nics.at("xn0").mtu, 9001U);
  EXPECT_TRUE(report.nics.at("xn0").up);
  EXPECT_THAT(report.nics.at("xn0").addresses, ElementsAre("fe80::5eff:fe00:801/64", "192.0.2.246/20"));
  EXPECT_THAT(report.nics.at("lo0").addresses, ElementsAre("::1/128", "fe80::1/64", "127.0.0.1/8"));
  EXPECT_THAT(report.missing, IsEmpty());
  EXPECT_EQ(report.ipv4_forwarding, "1");
  EXPECT_EQ(run(freebsd.show_mac("xn0")), "02:00:5e:00:08:01\n");
  EXPECT_EQ(run(freebsd.show_mtu("xn0")), "9001\n");
}

TEST_P(FreebsdScript, ABootWithoutAnIdIsUnknown) {
  program("sysctl", "[ \"$1 $2\" = '-b kern.boot_id' ] && printf '\\001\\377'");
  EXPECT_EQ(run(freebsd.show_boot()), "01ff\n");
  program("sysctl", "exit 1");
  EXPECT_EQ(run(freebsd.show_boot()), "unknown\n");
}

// OPNsense hands commands of root to csh.
TEST_P(FreebsdScript, AScriptOfManyLinesIsOneForTheLoginShell) {
  SshTarget target;
  target.path = "/nowhere";
  target.any_shell = true;
  const std::string line = command_line(target, "printf '%s\\n' 'it'\"'\"'s \\101!'\nif ! false; then cat; fi");
  EXPECT_THAT(line, Not(HasSubstr("\n")));
  EXPECT_THAT(line, Not(HasSubstr("!")));
  EXPECT_EQ(run("echo fed | { " + line + "; }"), "it's \\101!\nfed\n");
}

INSTANTIATE_TEST_SUITE_P(Shells, FreebsdScript,
                         testing::Values(std::vector<std::string>{"dash"}, std::vector<std::string>{"busybox", "sh"}),
                         [](const auto& shells) { return shells.param.front(); });

}  // namespace
}  // namespace offlab
