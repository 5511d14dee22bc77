// What a lab has on a host whose libvirtd starts its guests: a folder that the host and the lab know by the same name,
// with what QEMU reads and writes, and the journal of the guests. Whoever holds the folder's lock is at work in it.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "port/owned_domains.h"
#include "process/file_lock.h"

namespace offlab {

// What offlab has on a host: only this.
inline constexpr const char* hosted_folder = "/var/lib/offlab";
// Where the folders of all labs of a host are, each named by its UUID.
inline constexpr const char* hosted_labs_folder = "/var/lib/offlab/labs";

struct MadeRecord {
  std::string lab;                         // UUID
  std::string uri;                         // of libvirt
  std::string owner;                       // "run 20261130-091055-demo, process 4711"
  std::string since;                       // "2026-11-30T09:10:55Z"
  std::vector<OwnedDomain> domains = {};   // that were, or were about to be, made
  std::vector<std::string> starting = {};  // names of those whose start has not returned
  bool operator==(const MadeRecord&) const = default;
};

std::string made_record_to_json(const MadeRecord& record);
// Throws Error for what is none.
MadeRecord made_record_from_json(const std::string& text);

class MadeLab {
 public:
  // Makes the lab's folder below `labs`, and chooses the record's UUID. Throws Error.
  MadeLab(const std::filesystem::path& labs, MadeRecord record);
  MadeLab(const MadeLab&) = delete;
  MadeLab& operator=(const MadeLab&) = delete;
  // Where no guest was made, the folder goes away.
  ~MadeLab();

  const std::string& uuid() const { return record_.lab; }
  const std::filesystem::path& folder() const { return folder_; }
  // "disks", "images", "keys", "logs": folders in it that every user of the host can enter.
  std::filesystem::path sub_folder(const std::string& name) const { return folder_ / name; }
  // On disk when they return.
  void is_going_to_make(const OwnedDomain& domain);
  void start_returned(const std::string& name);
  // No guest of it is there any more: the folder goes away.
  void close();

 private:
  std::filesystem::path folder_;
  MadeRecord record_;
  std::optional<FileLock> lock_;
  bool is_open_ = true;
};

struct LeftLab {
  MadeRecord record;
  std::vector<std::string> ended = {};  // names of domains
  std::string trouble = {};             // why something is left; the folder stays
};

// Ends the domains that have the mark of this lab. `ended`: their names are added. Throws Error.
void end_domains(const std::string& lab, OwnedDomains& domains, std::vector<std::string>& ended);

// Where a host has them.
struct HostedHost {
  std::filesystem::path labs = hosted_labs_folder;
  std::filesystem::path logs = "/var/log/libvirt/qemu";  // one of each domain, by its name
  // What libvirtd may take to end a domain (it gives QEMU some 15 s before it kills it), and to begin with a start that
  // it was asked for by a process that was killed meanwhile: it looks at QEMU's capabilities first; 20 s were seen.
  std::chrono::milliseconds patience{60'000};
  bool waits = true;                                     // for both; otherwise such labs are left for later
  std::function<void(const std::string&)> on_wait = {};  // is called, for people, before a start is awaited
};

// Ends the guests of labs whose process was killed, and removes their folders and logs. May wait for libvirtd. What has
// no mark of such a lab stays as it is. `uri`: of libvirt, where `domains` are; labs of others are left alone.
std::vector<LeftLab> remove_left_labs(const HostedHost& host, const std::string& uri, OwnedDomains& domains);

// "run x, process 4711, since 2026-...: 3 domains ended, its folder removed"
std::string describe(const LeftLab& lab);

}  // namespace offlab
