#include "record/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>

#include <fmt/core.h>

#include "capture/capture_file.h"
#include "record/event_json.h"
#include "record/json_values.h"
#include "record/leg_files.h"
#include "record/plan_json.h"

namespace offlab {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Environment, host, image, packages, started, seconds)

namespace {

namespace fs = std::filesystem;

json parse_file(const RunFolder& folder, const std::string& file) {
  const json document = json::parse(folder.read_text(file), nullptr, false);
  if (document.is_discarded()) throw Error(fmt::format("{} is damaged", (folder.path() / file).string()));
  return document;
}

// What guests say is kept even where it is no UTF-8.
std::string to_text(const json& document) {
  return document.dump(1, ' ', false, json::error_handler_t::replace);
}

void write_snapshot(const RunFolder& folder, const std::string& where, const Snapshot& snapshot) {
  for (const auto& [node, text] : snapshot.nodes) folder.write_text(fmt::format("{}/{}.txt", where, node), text);
  folder.write_text(where + "/taps.json", taps_to_json(snapshot.taps));
}

Snapshot read_snapshot(const RunFolder& folder, const std::string& where) {
  Snapshot snapshot;
  if (!folder.has(where + "/taps.json")) return snapshot;
  for (const auto& entry : fs::directory_iterator(folder.path() / where))
    if (entry.path().extension() == ".txt")
      snapshot.nodes[entry.path().stem()] = folder.read_text(where + "/" + entry.path().filename().string());
  snapshot.taps = taps_from_json(folder.read_text(where + "/taps.json"));
  return snapshot;
}

}  // namespace

RunFolder RunFolder::create(fs::path path) {
  std::error_code error;
  if (fs::exists(path) && (!fs::is_directory(path) || !fs::is_empty(path, error)))
    throw Error(fmt::format("{} exists and is not an empty folder", path.string()), "name another one with --out");
  fs::create_directories(path, error);
  if (error)
    throw Error(fmt::format("creating {}: {}", path.string(), error.message()), "name another folder with --out");
  return RunFolder(fs::absolute(path));
}

RunFolder RunFolder::open(fs::path path) {
  if (!fs::exists(path / "plan.json"))
    throw Error(fmt::format("{} is not a run folder: it has no plan.json", path.string()),
                "name the folder that `offlab run` printed");
  return RunFolder(fs::absolute(path));
}

void RunFolder::write_text(const std::string& relative, std::string_view text) const {
  const fs::path file = path_ / relative;
  fs::create_directories(file.parent_path());
  // A reader, or whoever comes after a crash, sees the old file or the new one, never half of it.
  const fs::path fresh = file.string() + ".new";
  errno = 0;
  std::ofstream stream(fresh, std::ios::binary);
  stream << text << std::flush;
  if (!stream) {
    const Error reason = system_error(fmt::format("writing {}", file.string()));
    throw Error(reason.what(), errno == ENOSPC ? "free some space, or name another folder with --out" : "");
  }
  stream.close();
  fs::rename(fresh, file);
}

std::string RunFolder::read_text(const std::string& relative) const {
  std::ifstream stream(path_ / relative, std::ios::binary);
  std::ostringstream text;
  if (!stream || !(text << stream.rdbuf())) {
    if (stream && stream.peek() == std::ifstream::traits_type::eof()) return {};  // an empty file
    throw Error(fmt::format("reading {} failed", (path_ / relative).string()));
  }
  return text.str();
}

bool RunFolder::has(const std::string& relative) const {
  return fs::exists(path_ / relative);
}

fs::path RunFolder::make_folder(const std::string& relative) const {
  fs::create_directories(path_ / relative);
  return path_ / relative;
}

void RunFolder::write_plan(const RunPlan& plan) const {
  write_text("plan.json", to_text(plan_to_json(plan)));
}

RunPlan RunFolder::read_plan() const {
  return plan_from_json(parse_file(*this, "plan.json"));
}

void RunFolder::write_environment(const Environment& environment) const {
  write_text("environment.json", to_text(json(environment)));
}

Environment RunFolder::read_environment() const {
  try {
    return parse_file(*this, "environment.json").get<Environment>();
  } catch (const json::exception& error) {
    throw Error(fmt::format("environment.json is damaged: {}", error.what()));
  }
}

void RunFolder::append_event(const Event& event) const {
  std::ofstream(path_ / "events.jsonl", std::ios::app) << event_to_line(event) << "\n";
}

void RunFolder::write_case_record(const CasePlan& plan, const CaseRecord& record) const {
  write_text(plan.folder + "/case.json",
             to_text(json{{"id", plan.id}, {"outcome", record.outcome}, {"reason", record.reason}}));
}

CaseRecord RunFolder::read_case_record(const CasePlan& plan) const {
  if (!has(plan.folder + "/case.json")) return {Outcome::error, "the run ended before this case was recorded"};
  try {
    const json document = parse_file(*this, plan.folder + "/case.json");
    return {document.at("outcome").get<Outcome>(), document.at("reason")};
  } catch (const json::exception& error) {
    throw Error(fmt::format("{}/case.json is damaged: {}", plan.folder, error.what()));
  }
}

std::string RunFolder::leg_folder(const CasePlan& plan, LegRole role, unsigned round) {
  return fmt::format("{}/{}", plan.folder, leg_name(role, round));
}

void RunFolder::write_leg(const std::string& folder, const LegObservation& seen) const {
  write_text(folder + "/baseline.json", to_text(json(seen.baseline)));
  write_snapshot(*this, folder + "/before", seen.before);
  write_snapshot(*this, folder + "/after", seen.after);
  write_text(folder + "/iperf3.json", seen.transfer.client_json);
  write_text(folder + "/iperf3.stderr", seen.transfer.client_stderr);
  write_text(folder + "/transfer.json", transfer_to_json(seen));
  if (seen.stream) write_text(folder + "/stream.json", stream_to_json(*seen.stream));
  write_text(folder + "/samples.csv", samples_to_csv(seen.samples));
  write_text(folder + "/captures.json", captures_to_json(seen.captures));
}

LegObservation RunFolder::read_leg(const std::string& folder) const {
  LegObservation seen;
  try {
    parse_file(*this, folder + "/baseline.json").get_to(seen.baseline);
    seen.before = read_snapshot(*this, folder + "/before");
    seen.after = read_snapshot(*this, folder + "/after");
    seen.transfer.client_json = read_text(folder + "/iperf3.json");
    seen.transfer.client_stderr = read_text(folder + "/iperf3.stderr");
    transfer_from_json(read_text(folder + "/transfer.json"), seen);
    if (has(folder + "/stream.json")) seen.stream = stream_from_json(read_text(folder + "/stream.json"));
    seen.samples = samples_from_csv(read_text(folder + "/samples.csv"));
    seen.captures = captures_from_json(read_text(folder + "/captures.json"));
    return seen;
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", (path_ / folder).string(), error.what()));
  }
}

std::unique_ptr<FrameSource> RunFolder::open_capture(const std::string& folder, const std::string& file) const {
  return open_capture_file(path_ / folder / file);
}

std::vector<std::string> RunFolder::artifacts(const CasePlan& plan) const {
  std::vector<std::string> files;
  if (!has(plan.folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(path_ / plan.folder))
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), path_));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace offlab
