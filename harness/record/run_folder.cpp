#include "record/run_folder.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <set>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder_below.h"
#include "base/handle.h"
#include "base/new_file.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "base/trusted_folder.h"
#include "capture/capture_file.h"
#include "port/node_shell.h"
#include "record/clean_json.h"
#include "record/event_json.h"
#include "record/json_values.h"
#include "record/leg_files.h"
#include "record/plan_json.h"

namespace offlab {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Environment, host, image, packages, started, seconds)

namespace {

namespace fs = std::filesystem;

json parse_file(const RunFolder& folder, const std::string& file) {
  return parse_json(folder.read_text(file), (folder.path() / file).string());
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
  for (const std::string& file : FolderBelow(folder.path()).files_in(where))
    if (fs::path(file).extension() == ".txt")
      snapshot.nodes[fs::path(file).stem()] = folder.read_text(fmt::format("{}/{}", where, file));
  snapshot.taps = taps_from_json(folder.read_text(where + "/taps.json"));
  return snapshot;
}

Environment read_environment_file(const RunFolder& folder, const std::string& file) {
  try {
    return clean_json(parse_file(folder, file)).get<Environment>();
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", file, error.what()));
  }
}

// As a topology file may have: named ones, and combinations of axes (config/parse_cases.h, config/check_cases.h).
constexpr std::size_t most_cases = 2000;

// JSON takes ten times its size in memory.
constexpr std::uint64_t largest_text = NodeShell::longest_report;

constexpr const char* not_tried = "not-tried";

// It becomes part of a path.
void require_name(const std::string& name, const char* what) {
  if (leads_out(name) || name.find('/') != std::string::npos)
    throw Error(fmt::format("plan.json: '{}' is no name of a {}", name, what));
}

std::optional<Recorded> recorded_of(const json& document) {
  if (document.value("recorded", "") == not_tried) return std::nullopt;
  return recorded_from_json(document);
}

}  // namespace

std::string lab_folder(const LabAttempt& of) {
  return "labs/" + of.lab + (of.attempt == 1 ? "" : fmt::format(".attempt-{}", of.attempt));
}

CasePlan attempt_of(CasePlan plan, unsigned attempt) {
  if (attempt > 1) plan.folder += fmt::format(".attempt-{}", attempt);
  return plan;
}

RunFolder RunFolder::create(const fs::path& path) {
  constexpr const char* remedy = "name another folder with --out";
  const fs::path folder = trusted_path(
      path, "name a folder with --out on whose way all folders are yours or root's, and not writable by others");
  std::error_code error;
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw Error(fmt::format("{} exists and is no folder", path.string()), remedy);
  fs::create_directories(folder, error);
  if (error) throw Error(fmt::format("creating {}: {}", path.string(), error.message()), remedy);
  RunFolder created(folder);
  created.lock(remedy);  // of two runs that find the same folder empty, one goes on
  if (!fs::is_empty(folder, error))
    throw Error(fmt::format("{} exists and is not an empty folder", path.string()), remedy);
  return created;
}

void RunFolder::lock(const std::string& remedy) {
  lock_ = std::make_shared<const UniqueFd>(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!*lock_) throw Error(system_error(fmt::format("opening {}", path_.string())).what(), remedy);
  if (flock(lock_->get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)  // some file systems have no locks
    throw Error(fmt::format("another run is at work in {}", path_.string()), remedy);
}

RunFolder RunFolder::reopen(const fs::path& path, const std::string& file) {
  const fs::path folder = trusted_path(path, "go on with a run whose folder only you and root can write to");
  if (kind_of(folder / file) != EntryKind::file)
    throw Error(fmt::format("{} has no {}: there is nothing to go on with", path.string(), file),
                "name the folder that was printed when it began");
  RunFolder folder_of_run(folder);
  folder_of_run.lock("wait for its end, or stop it");
  return folder_of_run;
}

RunFolder RunFolder::open(const fs::path& path) {
  if (kind_of(path / "plan.json") == EntryKind::none)
    throw Error(fmt::format("{} is not a run folder: it has no plan.json", path.string()),
                "name the folder that `offlab run` printed");
  return RunFolder(fs::absolute(path));
}

bool RunFolder::is_own() const {
  struct stat status {};
  if (lstat(path_.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
  return status.st_uid == geteuid() && !others_can_write(status);
}

void RunFolder::write_text(const std::string& relative, std::string_view text) const {
  NewFile file(path_, relative);
  file.write(text);
  file.take_its_place();
}

std::string RunFolder::read_text(const std::string& relative) const {
  const UniqueFd file = FolderBelow(path_).open_file(relative);
  return read_whole_descriptor(file.get(), (path_ / relative).string(), largest_text);
}

bool RunFolder::has(const std::string& relative) const {
  const EntryKind kind = FolderBelow(path_).kind_of(relative);
  return kind == EntryKind::file || kind == EntryKind::folder;
}

fs::path RunFolder::make_folder(const std::string& relative) const {
  FolderBelow(path_).make_folder(relative);
  return path_ / relative;
}

void RunFolder::write_plan(const RunPlan& plan) const {
  write_text("plan.json", to_text(plan_to_json(plan)));
}

RunPlan RunFolder::read_plan() const {
  RunPlan plan = plan_from_json(parse_file(*this, "plan.json"));
  std::set<std::string> folders;
  for (const LabPlan& lab : plan.labs) {
    require_name(lab.name, "lab");
    for (const CasePlan& one : lab.cases)
      if (!folders.insert(one.folder).second)
        throw Error(fmt::format("plan.json: two cases have the folder '{}'", one.folder));
  }
  if (folders.size() > most_cases)
    throw Error(
        fmt::format("plan.json: {} cases are more than the {} that a file may have", folders.size(), most_cases));
  return plan;
}

void RunFolder::write_environment(const Environment& environment) const {
  write_text("environment.json", to_text(clean_json(json(environment))));
}

Environment RunFolder::read_environment() const {
  return read_environment_file(*this, "environment.json");
}

void RunFolder::write_lab_environment(const LabAttempt& lab, const Environment& environment) const {
  write_text(lab_folder(lab) + "/environment.json", to_text(clean_json(json(environment))));
}

Environment RunFolder::read_lab_environment(const LabAttempt& lab) const {
  const std::string file = lab_folder(lab) + "/environment.json";
  return has(file) ? read_environment_file(*this, file) : Environment();
}

void RunFolder::append_event(const Event& event) const {
  const std::string line = event_to_line(event) + "\n";
  const UniqueFd file(
      ::open((path_ / "events.jsonl").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666));
  [[maybe_unused]] const ssize_t wrote = write(file.get(), line.data(), line.size());  // a full disk ends no lab
}

void RunFolder::write_case_record(const CasePlan& plan, const CaseRecord& record) const {
  json document = {{"id", plan.id}, {"recorded", not_tried}, {"reason", record.reason}};
  if (record.recorded) document["recorded"] = *record.recorded;
  if (!record.lab.lab.empty()) {
    document["lab"] = record.lab.lab;
    document["lab_attempt"] = record.lab.attempt;
  }
  if (record.seconds > 0) document["seconds"] = record.seconds;
  write_text(plan.folder + "/case.json", to_text(clean_json(document)));
}

CaseRecord RunFolder::read_case_record(const CasePlan& plan) const {
  const std::string file = plan.folder + "/case.json";
  if (!has(file))
    return has(plan.folder) ? CaseRecord{Recorded::broken, "the run ended inside this case"}
                            : CaseRecord{std::nullopt, "the run ended before this case was tried"};
  try {
    const json document = parse_file(*this, file);
    return {recorded_of(document),
            clean_text(document.at("reason").get<std::string>()),
            {document.value("lab", std::string()), document.value("lab_attempt", 1U)},
            document.value("seconds", 0.0)};
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", file, error.what()));
  }
}

unsigned RunFolder::attempts(const CasePlan& plan) const {
  unsigned attempt = 1;
  while (has(attempt_of(plan, attempt + 1).folder)) ++attempt;
  return attempt;
}

unsigned RunFolder::lab_attempts(const std::string& lab) const {
  unsigned attempt = 0;
  while (has(lab_folder({lab, attempt + 1}))) ++attempt;
  return attempt;
}

std::string RunFolder::leg_folder(const CasePlan& plan, LegRole role, unsigned round) {
  return fmt::format("{}/{}", plan.folder, leg_name(role, round));
}

void RunFolder::write_leg(const std::string& folder, const LegObservation& seen) const {
  write_text(folder + "/baseline.json", to_text(nics_to_json(seen.baseline)));
  write_snapshot(*this, folder + "/before", seen.before);
  write_snapshot(*this, folder + "/after", seen.after);
  write_text(folder + "/iperf3.json", seen.transfer.client_json);
  write_text(folder + "/iperf3.stderr", seen.transfer.client_stderr);
  write_text(folder + "/transfer.json", transfer_to_json(seen));
  if (seen.stream) write_text(folder + "/stream.json", stream_to_json(*seen.stream));
  if (seen.background) write_text(folder + "/background.json", background_to_json(*seen.background));
  write_text(folder + "/samples.csv", samples_to_csv(seen.samples));
  write_text(folder + "/captures.json", captures_to_json(seen.captures));
}

LegObservation RunFolder::read_leg(const std::string& folder) const {
  LegObservation seen;
  try {
    seen.baseline = nics_from_json<std::string>(parse_file(*this, folder + "/baseline.json"));
    seen.before = read_snapshot(*this, folder + "/before");
    seen.after = read_snapshot(*this, folder + "/after");
    seen.transfer.client_json = read_text(folder + "/iperf3.json");
    seen.transfer.client_stderr = read_text(folder + "/iperf3.stderr");
    transfer_from_json(read_text(folder + "/transfer.json"), seen);
    if (has(folder + "/stream.json")) seen.stream = stream_from_json(read_text(folder + "/stream.json"));
    if (has(folder + "/background.json"))
      seen.background = background_from_json(read_text(folder + "/background.json"));
    seen.samples = samples_from_csv(read_text(folder + "/samples.csv"));
    seen.captures = captures_from_json(read_text(folder + "/captures.json"));
    return seen;
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", (path_ / folder).string(), error.what()));
  }
}

std::unique_ptr<FrameSource> RunFolder::open_capture(const std::string& folder, const std::string& file) const {
  const fs::path relative = fs::path(folder) / file;
  return open_capture_file(FolderBelow(path_).open_file(relative), path_ / relative);
}

std::vector<std::string> RunFolder::artifacts(const CasePlan& plan) const {
  std::vector<std::string> files;
  for (unsigned attempt = 1; attempt <= attempts(plan); ++attempt) {
    const std::string folder = attempt_of(plan, attempt).folder;
    std::vector<std::string> below = FolderBelow(path_).files_below(folder);
    below.erase(std::remove(below.begin(), below.end(), folder + "/" + profile_file), below.end());
    std::move(below.begin(), below.end(), std::back_inserter(files));
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace offlab
