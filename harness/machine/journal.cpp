#include "machine/journal.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "base/new_file.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "record/disk_image_json.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "offlab.borrowed/1";
constexpr const char* ending = ".json";

json files_to_json(const std::map<GuestFile, std::string>& files) {
  json all = json::array();
  for (const auto& [file, value] : files) all.push_back({{"name", file.name}, {"path", file.path}, {"value", value}});
  return all;
}

GuestFile file_from_json(const json& one) {
  return {one.at("name").get<std::string>(), one.at("path").get<std::string>()};
}

fs::path file_of(const fs::path& folder, const std::string& id) {
  return folder / (id + ending);
}

// Beside the file, which is replaced when it is written anew.
fs::path lock_of(const fs::path& folder, const std::string& id) {
  return folder / (id + ".lock");
}

}  // namespace

std::string borrowed_to_json(const Borrowed& borrowed) {
  json files = json::array();
  for (const GuestFile& file : borrowed.switched.files) files.push_back({{"name", file.name}, {"path", file.path}});
  json document = {
      {"format", format_name},
      {"id", borrowed.id},
      {"node", borrowed.node},
      {"run", borrowed.run},
      {"since", borrowed.since},
      {"login", machine_login_to_json(borrowed.login)},
      {"switched", {{"offloads", borrowed.switched.offloads}, {"mtus", borrowed.switched.mtus}, {"files", files}}}};
  if (borrowed.state)
    document["state"] = {{"boot_id", borrowed.state->boot_id},
                         {"offloads", borrowed.state->offloads},
                         {"mtus", borrowed.state->mtus},
                         {"files", files_to_json(borrowed.state->files)}};
  return document.dump(1) + "\n";
}

Borrowed borrowed_from_json(const std::string& text) {
  const json document = parse_json(text, "the journal");
  try {
    if (document.at("format") != format_name) throw Error("the journal is of another format");
    Borrowed borrowed{.id = document.at("id"),
                      .node = document.at("node"),
                      .run = document.at("run"),
                      .since = document.at("since"),
                      .login = machine_login_from_json(document.at("login"))};
    const json& switched = document.at("switched");
    switched.at("offloads").get_to(borrowed.switched.offloads);
    switched.at("mtus").get_to(borrowed.switched.mtus);
    for (const json& one : switched.at("files")) borrowed.switched.files.insert(file_from_json(one));
    if (!document.contains("state")) return borrowed;
    const json& kept = document.at("state");
    KeptState state{.boot_id = kept.at("boot_id")};
    kept.at("offloads").get_to(state.offloads);
    kept.at("mtus").get_to(state.mtus);
    for (const json& one : kept.at("files")) state.files[file_from_json(one)] = one.at("value");
    borrowed.state = std::move(state);
    return borrowed;
  } catch (const json::exception& error) {
    throw Error(fmt::format("the journal is damaged: {}", error.what()));
  }
}

fs::path journal_folder(const fs::path& cache) {
  return cache / "borrowed";
}

JournalEntry::JournalEntry(const fs::path& folder, Borrowed borrowed)
    : folder_(folder), borrowed_(std::move(borrowed)) {
  fs::create_directories(folder_);
  lock_ = FileLock::try_make(lock_of(folder_, borrowed_.id));
  if (!lock_) throw Error(fmt::format("somebody else holds {}", lock_of(folder_, borrowed_.id).string()));
  write_file();
}

JournalEntry::JournalEntry(fs::path folder, Borrowed borrowed, FileLock lock)
    : folder_(std::move(folder)), borrowed_(std::move(borrowed)), lock_(std::move(lock)) {}

JournalEntry::~JournalEntry() {
  if (is_open_) return;
  std::error_code ignored;
  fs::remove(lock_of(folder_, borrowed_.id), ignored);
}

void JournalEntry::write(const KeptState& state) {
  borrowed_.state = state;
  write_file();
}

void JournalEntry::write_file() const {
  write_to_disk(folder_, borrowed_.id + ending, borrowed_to_json(borrowed_));
}

void JournalEntry::close() {
  std::error_code error;
  fs::remove(file_of(folder_, borrowed_.id), error);
  if (error) throw Error(fmt::format("removing {}: {}", file_of(folder_, borrowed_.id).string(), error.message()));
  is_open_ = false;
}

std::vector<std::unique_ptr<JournalEntry>> left_over(const fs::path& folder, std::vector<std::string>& damaged) {
  std::vector<std::unique_ptr<JournalEntry>> all;
  std::error_code ignored;  // a folder that is not there has nothing
  std::vector<fs::path> files;
  for (const fs::directory_entry& one : fs::directory_iterator(folder, ignored))
    if (one.path().extension() == ending) files.push_back(one.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    auto lock = FileLock::try_make(lock_of(folder, file.stem().string()));
    if (!lock) continue;
    try {
      Borrowed borrowed = borrowed_from_json(read_whole_file(file));
      if (borrowed.id != file.stem()) throw Error("it has another file's content");
      all.push_back(std::unique_ptr<JournalEntry>(new JournalEntry(folder, std::move(borrowed), std::move(*lock))));
    } catch (const Error& error) {
      damaged.push_back(fmt::format("{}: {}", file.string(), error.what()));
    }
  }
  return all;
}

std::vector<Borrowed> borrowed_by(const fs::path& folder, const std::string& run) {
  std::vector<Borrowed> all;
  std::error_code ignored;
  for (const fs::directory_entry& one : fs::directory_iterator(folder, ignored)) {
    if (one.path().extension() != ending) continue;
    try {
      Borrowed borrowed = borrowed_from_json(read_whole_file(one.path()));
      if (borrowed.run == run) all.push_back(std::move(borrowed));
    } catch (const Error&) {
      continue;  // left_over() tells of it
    }
  }
  return all;
}

}  // namespace offlab
