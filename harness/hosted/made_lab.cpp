#include "hosted/made_lab.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/new_file.h"
#include "base/parse_json.h"
#include "base/read_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "offlab.made/1";
constexpr const char* journal_name = "journal.json";
constexpr const char* lock_name = "lock";
// A folder without a journal may be that of a lab that begins just now.
constexpr auto time_to_begin = std::chrono::minutes(1);

std::string new_uuid() {
  std::string text = read_whole_file("/proc/sys/kernel/random/uuid");
  text.resize(std::min(text.find('\n'), text.size()));
  return text;
}

void write_journal(const fs::path& folder, const MadeRecord& record) {
  write_to_disk(folder, journal_name, made_record_to_json(record));
}

bool may_begin(const fs::path& folder) {
  std::error_code gone;
  return !fs::exists(folder / journal_name, gone) &&
         fs::last_write_time(folder, gone) > fs::file_time_type::clock::now() - time_to_begin;
}

// A journal may be damaged.
bool is_own_name(const std::string& name) {
  return name.starts_with("offlab-") && name.find('/') == std::string::npos;
}

void remove_left_lab(const fs::path& folder, const fs::path& logs, OwnedDomains& domains, LeftLab& left) {
  end_domains(left.record.lab, domains, left.ended);
  for (const OwnedDomain& one : left.record.domains)
    if (is_own_name(one.name)) fs::remove(logs / (one.name + ".log"));
  fs::remove_all(folder);
}

}  // namespace

std::string made_record_to_json(const MadeRecord& record) {
  json domains = json::array();
  for (const OwnedDomain& one : record.domains) domains.push_back({{"name", one.name}, {"uuid", one.uuid}});
  return json{{"format", format_name}, {"lab", record.lab},     {"uri", record.uri},
              {"owner", record.owner}, {"since", record.since}, {"domains", domains}}
             .dump(1) +
         "\n";
}

MadeRecord made_record_from_json(const std::string& text) {
  const json document = parse_json(text, "the journal");
  try {
    if (document.at("format") != format_name) throw Error("the journal is of another format");
    MadeRecord record{document.at("lab"), document.at("uri"), document.at("owner"), document.at("since")};
    for (const json& one : document.at("domains"))
      record.domains.push_back({one.at("name").get<std::string>(), one.at("uuid").get<std::string>(), record.lab});
    return record;
  } catch (const json::exception& error) {
    throw Error(fmt::format("the journal is damaged: {}", error.what()));
  }
}

MadeLab::MadeLab(const fs::path& labs, MadeRecord record) : record_(std::move(record)) {
  record_.lab = new_uuid();
  folder_ = labs / record_.lab;
  fs::create_directories(folder_);
  lock_ = FileLock::try_make(folder_ / lock_name);
  if (!lock_) throw Error(fmt::format("somebody else holds {}", (folder_ / lock_name).string()));
  // QEMU's user enters them, whatever this process's umask is.
  const auto may_enter = fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec;
  for (const fs::path& one : {labs, folder_}) fs::permissions(one, may_enter, fs::perm_options::add);
  for (const char* name : {"disks", "images", "keys", "logs"}) {
    fs::create_directory(sub_folder(name));
    fs::permissions(sub_folder(name), may_enter, fs::perm_options::add);
  }
  write_journal(folder_, record_);
}

void MadeLab::is_going_to_make(const OwnedDomain& domain) {
  record_.domains.push_back(domain);
  write_journal(folder_, record_);
}

void MadeLab::close() {
  fs::remove_all(folder_);
  is_open_ = false;
}

MadeLab::~MadeLab() {
  std::error_code ignored;
  if (is_open_ && record_.domains.empty()) fs::remove_all(folder_, ignored);
}

void end_domains(const std::string& lab, OwnedDomains& domains, std::vector<std::string>& ended) {
  for (const OwnedDomain& one : domains.list()) {
    if (one.lab != lab) continue;
    domains.destroy(one);
    ended.push_back(one.name);
  }
}

std::vector<LeftLab> remove_left_labs(const HostedHost& host, const std::string& uri, OwnedDomains& domains) {
  std::vector<LeftLab> all;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(host.labs, none)) {
    const fs::path& folder = entry.path();
    if (entry.is_symlink(none) || !entry.is_directory(none)) continue;
    if (FileLock::is_held(folder / lock_name) || may_begin(folder)) continue;
    const auto lock = FileLock::try_make(folder / lock_name);
    if (!lock) continue;
    LeftLab left;
    left.record.lab = folder.filename();
    try {
      if (fs::exists(folder / journal_name))
        left.record = made_record_from_json(read_whole_file(folder / journal_name));
      else
        left.record.uri = uri;  // nothing was made
      if (left.record.uri != uri) continue;
      remove_left_lab(folder, host.logs, domains, left);
    } catch (const std::exception& error) {
      left.trouble = fmt::format("{} ({})", error.what(), folder.string());
    }
    all.push_back(std::move(left));
  }
  return all;
}

std::string describe(const LeftLab& lab) {
  const std::string who =
      lab.record.owner.empty() ? "lab " + lab.record.lab : fmt::format("{}, {}", lab.record.owner, lab.record.since);
  if (!lab.trouble.empty()) return fmt::format("{}: what it left is still there: {}", who, lab.trouble);
  if (lab.ended.empty()) return fmt::format("{}: its folder is removed; it had no domains any more", who);
  return fmt::format("{}: its folder is removed, and the domains {}", who, fmt::join(lab.ended, ", "));
}

}  // namespace offlab
