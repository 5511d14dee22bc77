// What runs have borrowed: one file for each existing machine in CACHE/borrowed, on disk before anything is switched,
// and held by its run. A file that nobody holds is that of a run that was killed.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "machine/kept_state.h"
#include "process/file_lock.h"

namespace offlab {

struct Borrowed {
  std::string id;     // also of the lock on the machine
  std::string node;   // as the topology file calls it
  std::string run;    // the run folder's name
  std::string since;  // "2026-11-30 06:12:01 UTC"
  MachineLogin login;
  Switched switched = {};
  std::optional<KeptState> state = {};  // nothing: it was not read yet, and nothing was switched
  bool operator==(const Borrowed&) const = default;
};

std::string borrowed_to_json(const Borrowed& borrowed);
// Throws Error for what is none.
Borrowed borrowed_from_json(const std::string& text);

class JournalEntry {
 public:
  // Makes the file and holds it. Throws Error.
  JournalEntry(const std::filesystem::path& folder, Borrowed borrowed);
  JournalEntry(const JournalEntry&) = delete;
  JournalEntry& operator=(const JournalEntry&) = delete;
  ~JournalEntry();

  const Borrowed& borrowed() const { return borrowed_; }
  // On disk when it returns.
  void write(const KeptState& state);
  // There is nothing left to be put back: the file goes away.
  void close();

 private:
  friend std::vector<std::unique_ptr<JournalEntry>> left_over(const std::filesystem::path& folder,
                                                              std::vector<std::string>& damaged);
  JournalEntry(std::filesystem::path folder, Borrowed borrowed, FileLock lock);
  void write_file() const;

  std::filesystem::path folder_;
  Borrowed borrowed_;
  std::optional<FileLock> lock_;
  bool is_open_ = true;
};

// Of runs that were killed; each is held from now on. `damaged`: files that cannot be read, with why.
std::vector<std::unique_ptr<JournalEntry>> left_over(const std::filesystem::path& folder,
                                                     std::vector<std::string>& damaged);

// What the run has not given back, as far as it can be read; nobody's hold of it changes.
std::vector<Borrowed> borrowed_by(const std::filesystem::path& folder, const std::string& run);

std::filesystem::path journal_folder(const std::filesystem::path& cache);

}  // namespace offlab
