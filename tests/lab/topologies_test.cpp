// Shapes of labs beyond client, router and server: each shipped topology comes out as its file expects, and shows why.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "folders.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

using std::chrono::seconds;

const std::string topologies = source_folder() + "/topologies/";

nlohmann::json verified(const std::string& file, const ScratchFolder& scratch, const std::string& duration = "1",
                        const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"verify", file, "--out", scratch / "run", "--duration", duration};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Program program(arguments);
  EXPECT_EQ(program.wait(seconds(280)), 0) << program.output();
  return read_json(scratch / "run/run.json");
}

const nlohmann::json& finding_at(const nlohmann::json& one, const std::string& device, const std::string& invariant) {
  for (const auto& finding : one["findings"])
    if (finding["device"] == device && finding["invariant"] == invariant) return finding;
  throw std::logic_error("no finding of " + invariant + " at " + device);
}

TEST(Topologies, InAChainTheRouterAtFaultIsNamed) {
  const ScratchFolder scratch;
  const auto run = verified(topologies + "router-chain.toml", scratch);
  const auto in_r2 = find_case(run, "fault-in-r2");
  EXPECT_EQ(in_r2["device"], "r2");
  EXPECT_EQ(finding_at(in_r2, "r2", "bogus-frag-needed")["outcome"], "fail");
  EXPECT_EQ(finding_at(in_r2, "r1", "bogus-frag-needed")["outcome"], "pass");
  EXPECT_GT(in_r2["devices"]["r2"]["frag_fails"], 0);
  EXPECT_EQ(in_r2["devices"]["r1"]["frag_fails"], 0);
  const auto in_r1 = find_case(run, "fault-in-r1");
  EXPECT_EQ(in_r1["device"], "r1");
  EXPECT_EQ(finding_at(in_r1, "r2", "bogus-frag-needed")["outcome"], "pass");
  EXPECT_EQ(find_case(run, "healthy")["device"], nullptr);
}

TEST(Topologies, AMergingSwitchGetsWirePacketsAndGivesSuperframes) {
  const ScratchFolder scratch;
  const auto run = verified(topologies + "merging-switch.toml", scratch);
  for (const char* id : {"merge", "merge-ipv6"}) {
    const auto measured = find_case(run, id)["measurements"];
    EXPECT_GT(measured["wire_packets"], 50) << id;
    EXPECT_LE(measured["largest_wire_packet"], 1500) << id;
    EXPECT_GE(measured["superframes"], 10) << id;
  }
  EXPECT_EQ(find_case(run, "off")["class"], "healthy");
  EXPECT_EQ(find_case(run, "tso4-ipv4")["class"], "lro-orphan-storm");
  EXPECT_EQ(find_case(run, "tso4-ipv6")["class"], "healthy");
  EXPECT_EQ(find_case(run, "tso6-ipv6")["class"], "lro-orphan-storm");
}

// The clients whose connections the router's capture on their side shows.
std::set<std::string> clients_in(const std::filesystem::path& capture) {
  const std::string command =
      "tshark -r " + capture.string() + " -Y 'tcp.flags.syn==1 && tcp.flags.ack==0' -T fields -e ip.src 2>/dev/null";
  std::set<std::string> clients;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return clients;
  char line[256];
  while (std::fgets(line, sizeof line, pipe) != nullptr) clients.insert(line);
  pclose(pipe);
  return clients;
}

TEST(Topologies, TenThousandClientsStarveBehindTheRouter) {
  const ScratchFolder scratch;
  const auto run = verified(topologies + "many-clients.toml", scratch, "2");
  for (const char* folder : {"01-starved", "02-fixed"})
    EXPECT_GE(clients_in(scratch / "run/cases" / folder / "case/router-lan.pcapng").size(), 100U) << folder;
  const auto starved = find_case(run, "starved");
  EXPECT_LT(starved["measurements"]["goodput_bps"], 0.5 * starved["control"]["goodput_bps"].get<double>());
  EXPECT_GT(starved["measurements"]["frag_fails"], 100);
}

// The founding picture: the uplink is full of what another sender sends again and again.
TEST(Topologies, AHealthyFlowStarvesBesideASenderThatDoesNotCalmDown) {
  const ScratchFolder scratch;
  const auto run = verified(topologies + "many-clients.toml", scratch, "3", {"--case", "starved-by-another"});
  const auto starved = find_case(run, "starved-by-another");
  EXPECT_EQ(starved["class"], "unknown");
  EXPECT_EQ(starved["forwarding"], "fail");
  const auto& measured = starved["measurements"];
  const auto& control = starved["control"];
  EXPECT_GE(measured["uplink_share"], 0.95);
  EXPECT_LT(measured["goodput_bps"], 0.25 * control["goodput_bps"].get<double>());
  EXPECT_GT(measured["background"]["sent_bytes"], 5 * measured["background"]["written_bytes"].get<double>());
  EXPECT_GT(measured["background"]["answered_errors"], 1000);
  EXPECT_LT(control["background"]["sent_bytes"], 1.2 * control["background"]["written_bytes"].get<double>());
  EXPECT_EQ(control["background"]["answered_errors"], 0);
}

TEST(Topologies, AKernelIsAnAxisLikeAnyOther) {
  if (std::getenv("OFFLAB_SOAK") == nullptr) GTEST_SKIP() << "fetches two kernels and builds two images: ci/soak.sh";
  const ScratchFolder scratch;
  std::ofstream(scratch / "kernels.toml") << "extend = \"" << topologies << "two-kernels.toml\"\n"
                                          << "[axes]\n\"router.kernel\" = [\"6.1.0-47-amd64\", \"6.1.0-56-amd64\"]\n"
                                          << "\"router.lro\" = [\"on\"]\n";
  const auto run = verified(scratch / "kernels.toml", scratch, "1", {"--extend-anywhere"});
  for (const char* release : {"6.1.0-47-amd64", "6.1.0-56-amd64"}) {
    EXPECT_EQ(find_case(run, std::string("router.kernel=") + release + ",router.lro=on")["class"], "healthy");
    EXPECT_EQ(run["image"][std::string("debian-12@") + release + ".kernel"], release);
  }
}

TEST(Topologies, BridgesTaggedNetworksOldNicsAndSetupCommandsWork) {
  const ScratchFolder scratch;
  const auto run = verified(tests_folder() + "/lab/shapes.toml", scratch);
  EXPECT_EQ(find_case(run, "plain")["class"], "healthy");
  EXPECT_EQ(find_case(run, "old-nics")["class"], "healthy");
  // The bridge drops what is too long for its far side, or passes it on; it never answers.
  EXPECT_EQ(find_case(run, "plain")["devices"]["bridge"]["frag_needed_router"], 0);
  const auto forced = find_case(run, "old-nics-forced");
  EXPECT_EQ(forced["outcome"], "skip");
  EXPECT_NE(forced["reason"].get<std::string>().find("no segmentation header"), std::string::npos) << forced["reason"];
}

}  // namespace
}  // namespace offlab::test
