#include "hosted/made_lab.h"

#include <algorithm>
#include <chrono>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "base/deadline.h"
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
constexpr auto slice = std::chrono::milliseconds(50);

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

// How long libvirtd may still take to begin with a start that the lab asked for. The journal's time and the clock may
// disagree: the clock may have been set meanwhile.
std::chrono::milliseconds time_for_starts(const fs::path& folder, const MadeRecord& record, const HostedHost& host) {
  if (record.starting.empty()) return {};
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(fs::file_time_type::clock::now() -
                                                                           fs::last_write_time(folder / journal_name));
  return std::clamp(host.patience - since, std::chrono::milliseconds(0), host.patience);
}

// libvirtd carries out what a client asked for also when that was killed, and knows the domain only some seconds later.
void await_start(const OwnedDomain& domain, OwnedDomains& domains, const Deadline& deadline) {
  while (!domains.is_there(domain) && !deadline.passed()) Deadline("the next look", slice).wait({});
}

// A connection that was lost ends its domains, which takes a moment: a domain has no mark any more, and libvirtd has
// yet to write its end into the log, a new one where that was removed.
void await_end(const OwnedDomain& domain, OwnedDomains& domains, const Deadline& deadline) {
  while (domains.is_there(domain)) {
    domains.destroy(domain);
    if (deadline.passed() && domains.is_there(domain))
      throw Error(fmt::format("domain '{}' has not ended yet; `offlab gc` removes the rest later", domain.name));
    Deadline("the next look", slice).wait({});
  }
}

std::string owner_of(const MadeRecord& record) {
  return record.owner.empty() ? "lab " + record.lab : fmt::format("{}, {}", record.owner, record.since);
}

void remove_left_lab(const fs::path& folder, const HostedHost& host, std::chrono::milliseconds for_starts,
                     OwnedDomains& domains, LeftLab& left) {
  const Deadline starts("the start of its domains", for_starts);
  if (host.on_wait && for_starts.count() > 0)
    host.on_wait(fmt::format("{}: was killed while its domains started; waiting for them, at most {} s",
                             owner_of(left.record), std::chrono::ceil<std::chrono::seconds>(for_starts).count()));
  for (const OwnedDomain& one : left.record.domains)
    if (std::count(left.record.starting.begin(), left.record.starting.end(), one.name) != 0)
      await_start(one, domains, starts);
  end_domains(left.record.lab, domains, left.ended);
  const Deadline ends("the end of its domains", host.waits ? host.patience : std::chrono::milliseconds(0));
  for (const OwnedDomain& one : left.record.domains) {
    await_end(one, domains, ends);
    if (is_own_name(one.name)) fs::remove(host.logs / (one.name + ".log"));
  }
  fs::remove_all(folder);
}

}  // namespace

std::string made_record_to_json(const MadeRecord& record) {
  json domains = json::array();
  for (const OwnedDomain& one : record.domains) domains.push_back({{"name", one.name}, {"uuid", one.uuid}});
  return json{{"format", format_name}, {"lab", record.lab},  {"uri", record.uri},          {"owner", record.owner},
              {"since", record.since}, {"domains", domains}, {"starting", record.starting}}
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
    if (document.contains("starting")) record.starting = document.at("starting").get<std::vector<std::string>>();
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
  record_.starting.push_back(domain.name);
  write_journal(folder_, record_);
}

void MadeLab::start_returned(const std::string& name) {
  std::erase(record_.starting, name);
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
      const auto for_starts = time_for_starts(folder, left.record, host);
      if (!host.waits && for_starts.count() > 0) continue;
      remove_left_lab(folder, host, for_starts, domains, left);
    } catch (const std::exception& error) {
      left.trouble = fmt::format("{} ({})", error.what(), folder.string());
    }
    all.push_back(std::move(left));
  }
  return all;
}

std::string describe(const LeftLab& lab) {
  const std::string who = owner_of(lab.record);
  if (!lab.trouble.empty()) return fmt::format("{}: what it left is still there: {}", who, lab.trouble);
  if (lab.ended.empty()) return fmt::format("{}: its folder is removed; it had no domains any more", who);
  return fmt::format("{}: its folder is removed, and the domains {}", who, fmt::join(lab.ended, ", "));
}

}  // namespace offlab
