#include "fuzz/small_run.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <sstream>

#include "base/json.h"
#include "base/read_file.h"
#include "record/run_folder.h"
#include "unit/recorded_run.h"
#include "unit/temp_folder.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::array<const char*, 4> kept_offloads = {"ifname", "large-receive-offload", "generic-receive-offload",
                                                      "tcp-segmentation-offload"};
constexpr unsigned kept_frames = 24;

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

// A line of counters without those on its right, which nobody reads.
std::string first_words(const std::string& line) {
  constexpr unsigned kept = 21;
  std::size_t end = 0;
  for (unsigned words = 0; words < kept && end != std::string::npos; ++words) end = line.find(' ', end + 1);
  return line.substr(0, end);
}

// The blocks of a pcapng file up to a number of packets.
std::string first_frames(const std::string& capture) {
  constexpr std::uint32_t packet_block = 6;
  std::size_t at = 0;
  for (unsigned frames = 0; at + 8 <= capture.size(); at += number_at(capture, at + 4))
    if (number_at(capture, at) == packet_block && ++frames > kept_frames) break;
  return capture.substr(0, at);
}

void shorten(Snapshot& snapshot) {
  for (auto& [node, text] : snapshot.nodes) text = short_guest_text(text);
  for (auto tap = snapshot.taps.begin(); tap != snapshot.taps.end();) {
    std::map<std::string, bool> kept;
    for (const auto& [name, on] : tap->second.features)
      if (name.rfind("tx-tcp", 0) == 0) kept[name] = on;
    tap->second.features = kept;
    tap = tap->first.rfind("router", 0) == 0 ? std::next(tap) : snapshot.taps.erase(tap);
  }
}

// iperf3's report without what nobody reads.
std::string short_report(const std::string& report) {
  json all = json::parse(report);
  json shorter = {{"start", {{"version", "iperf 3.12"}}}, {"intervals", json::array()}, {"end", json::object()}};
  for (const json& interval : all.at("intervals")) shorter["intervals"].push_back({{"sum", interval.at("sum")}});
  return shorter.dump(1, '\t');
}

void copy_leg(const RunFolder& from, const RunFolder& to, const std::string& leg) {
  LegObservation seen = from.read_leg(leg);
  for (auto& [nic, text] : seen.baseline) text = few_offloads(text);
  shorten(seen.before);
  shorten(seen.after);
  seen.transfer.client_json = short_report(seen.transfer.client_json);
  seen.cpu_seconds = {{"router", 0.4}};
  seen.stream = StreamOutput{1000, 1000, "ab", "ab", ""};
  for (CaptureStatistics& capture : seen.captures) {
    capture.frames = kept_frames;
    to.write_text(leg + "/" + capture.file, first_frames(from.read_text(leg + "/" + capture.file)));
  }
  to.write_leg(leg, seen);
}

}  // namespace

std::string few_offloads(const std::string& ethtool_json) {
  const json all = json::parse(ethtool_json);
  json few = json::object();
  for (const char* name : kept_offloads)
    if (all.at(0).contains(name)) few[name] = all.at(0).at(name);
  return json::array({few}).dump(1);
}

std::string short_guest_text(const std::string& guest_text) {
  constexpr unsigned kept_lines = 10;
  std::string shorter;
  std::string offloads;
  bool in_offloads = false;
  unsigned number = 0;  // of the line in its section
  std::istringstream lines(guest_text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("==> ", 0) == 0) {
      if (in_offloads) shorter += few_offloads(offloads) + "\n";
      in_offloads = line.rfind("==> ethtool -k ", 0) == 0;
      offloads.clear();
      number = 0;
    } else if (in_offloads) {
      offloads += line + "\n";
      continue;
    }
    if (number++ <= kept_lines) shorter += first_words(line) + "\n";
  }
  return shorter;
}

fs::path memory_folder() {
  return fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
}

void make_small_run(const fs::path& folder) {
  const RunFolder from = RunFolder::open(recorded_run_path);
  const RunFolder to(folder);
  fs::create_directories(folder);
  RunPlan plan = from.read_plan();
  std::vector<CasePlan>& cases = plan.labs.at(0).cases;
  cases = {cases.at(1), cases.at(2)};
  to.write_plan(plan);
  Environment environment = from.read_environment();
  environment.packages = {{"iperf3", environment.packages.at("iperf3")}};
  to.write_environment(environment);
  to.write_lab_environment({plan.labs[0].name, 1}, {{{"cpus", "2"}}, {{"name", "debian-12"}}, {}, "", 1});
  to.write_case_record(cases[0], {Recorded::recorded, "", {plan.labs[0].name, 1}});
  to.write_case_record(cases[1], {Recorded::skipped, "the guest has no such NIC", {plan.labs[0].name, 1}});
  for (const LegRole role : {LegRole::control, LegRole::measured})
    copy_leg(from, to, RunFolder::leg_folder(cases[0], role));
}

std::string small_earlier_plan() {
  json plan = json::parse(read_whole_file(recorded_run_path / "plan.json"));
  json& cases = plan.at("labs").at(0).at("cases");
  cases = json::array({cases.at(1), cases.at(2)});
  return plan.dump();
}

}  // namespace offlab::fuzz
