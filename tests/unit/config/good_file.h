// A topology file without mistakes, and ways to put some in.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/diagnostic.h"
#include "config/parse_scenario.h"

namespace offlab {

// The line numbers are part of the tests' expectations.
inline constexpr std::string_view good_file = R"(name = "vmxnet3-router"
summary = "A vmxnet3 router"
measure = { duration = "5s", warmup = 2, capture_limit = "16MB", snap_length = 256, throughput_floor = 0.25 }
hypervisor = { lro = "passthrough" }

[[network]]
name = "wan"
ipv4 = "198.18.2.0/24"
ipv6 = "2001:2:0:2::/64"
mtu  = 9000

[[network]]
name = "lan"
ipv4 = "198.18.1.0/24"
hypervisor = { lro = "off" }

[[node]]
name = "client"
role = "client"
interfaces = [ { network = "lan" } ]

[[node]]
name = "router"
role = "router"
image = "debian-12-lro"
vcpus = 2
memory = "512MiB"
offloads = { lro = "on", gro = false }
interfaces = [
  { network = "lan", model = "vmxnet3", offloads = { lro = "off" } },
  { network = "wan", model = "e1000e", mtu = 1400 },
]
setup = [ "sysctl -w net.ipv4.tcp_mtu_probing=1" ]

[[node]]
name = "server"
role = "server"
interfaces = [ { network = "wan", ipv4 = "198.18.2.1" } ]

[[flow]]
name = "download"
from = "server"
to   = "client"
family = "ipv4"
df   = false

[axes]
"router.model"   = ["vmxnet3", "virtio"]
"hypervisor.lro" = ["off", "passthrough"]
"client.mtu"     = [1500, 1400]
"download.df"    = [true]

[[case]]
name   = "hypervisor-lro"
set    = { "router.lro" = "off", "hypervisor.lro" = "passthrough" }
expect = "lro-orphan-storm"
)";

// The good file with one piece replaced, which must be there exactly once.
inline std::string good_file_with(std::string_view piece, std::string_view replacement) {
  std::string text(good_file);
  const auto at = text.find(piece);
  if (at == std::string::npos || text.find(piece, at + 1) != std::string::npos)
    throw std::logic_error("not exactly once in the good file: " + std::string(piece));
  return text.replace(at, piece.size(), replacement);
}

// "f.toml:LINE:COL: MESSAGE (HINT)" of every diagnostic.
inline std::vector<std::string> lines_of(const Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& d : diagnostics)
    lines.push_back(d.file + ":" + std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + ": " +
                    d.message + (d.hint.empty() ? "" : " (" + d.hint + ")"));
  return lines;
}

// Of a file without mistakes.
inline Scenario scenario_of(std::string_view text) {
  ParsedScenario parsed = parse_scenario(text, "f.toml");
  if (!parsed.scenario) throw std::logic_error(lines_of(parsed.diagnostics).front());
  return std::move(*parsed.scenario);
}

inline std::vector<std::string> mistakes_in(std::string_view text) {
  return lines_of(parse_scenario(text, "f.toml").diagnostics);
}

struct Mistake {
  std::string piece;        // of the good file
  std::string replacement;  // what makes the mistake
  std::vector<std::string> expected;
};

inline void expect_mistakes(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    const ParsedScenario parsed = parse_scenario(good_file_with(mistake.piece, mistake.replacement), "f.toml");
    EXPECT_EQ(lines_of(parsed.diagnostics), mistake.expected) << mistake.piece << " -> " << mistake.replacement;
    EXPECT_FALSE(parsed.scenario.has_value()) << mistake.replacement;
  }
}

}  // namespace offlab
