// The run folder: everything that was planned, seen and judged, as files.
//
//   plan.json          what was to be done                   offlab.plan/4
//   topology.toml      the file that was run
//   environment.json   host, images, packages of all labs
//   events.jsonl       what happened, one JSON object a line
//   labs/LAB/          environment.json of this lab; serial logs, libvirt's logs, the worker's stderr
//   labs/LAB.attempt-2/   the same of the lab that was started after the first one broke, and so on
//   cases/NN-ID/       case.json: recorded, skipped, broken or not tried, in which lab, and why
//     control/, case/  one leg each; case-2/, control-2/ and so on: its repetitions, where the comparison needed them
//       baseline.json                     offloads after configuration, as `ethtool --json -k` shows them
//       before/NODE.txt, after/NODE.txt   counters, offloads, kernel log as the guest printed them
//       before/taps.json, after/taps.json
//       TAP.pcapng, captures.json         frames on both sides of the router, how complete they are
//       iperf3.json, iperf3.stderr
//       transfer.json                     why and when the transfer ended, CPU time of the devices under test over it
//       stream.json                       what came of the fixed-byte transfer
//       background.json                   what the ends of the load beside the transfer printed
//       samples.csv                       counters of the router's taps every 100 ms
//     profile.json     made from the legs for report.html: traffic over time, packet sizes    offlab.profile/1
//   cases/NN-ID.attempt-2/   the same of a case that was tried again in a fresh lab, and so on; the last one is judged
//   run.json, junit.xml, report.html      the verdict                            offlab.run/1
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/handle.h"
#include "model/event.h"
#include "model/frame.h"
#include "model/observation.h"
#include "plan/plan.h"

namespace offlab {

// What a lab, or all labs of a run, ran on.
struct Environment {
  std::map<std::string, std::string> host;
  std::map<std::string, std::string> image;
  std::map<std::string, std::string> packages;
  std::string started;  // ISO 8601, UTC
  double seconds = 0;
  bool operator==(const Environment&) const = default;
};

// How an attempt at a case ended, before anything is judged.
struct CaseRecord {
  std::optional<Recorded> recorded;  // nothing: it was not tried, or interrupted
  std::string reason = {};           // why it was not recorded
  LabAttempt lab = {};               // in which lab
  double seconds = 0;                // that the attempt took; 0 in folders of earlier versions
  bool operator==(const CaseRecord&) const = default;
};

// What is made of a case's recording for report.html, in the case's folder.
inline constexpr const char* profile_file = "profile.json";

// Where a lab's logs are: "labs/lab-1", "labs/lab-1.attempt-2".
std::string lab_folder(const LabAttempt& of);

// The case as it is tried for the `attempt`-th time (from 1): the same in a folder of its own, beside the others.
CasePlan attempt_of(CasePlan plan, unsigned attempt);

class RunFolder {
 public:
  // A new folder. Throws Error when `path` exists and is not empty, when another process has just made it, and where
  // others could put files on its way (base/trusted_folder.h).
  static RunFolder create(const std::filesystem::path& path);
  // The folder of a run that did not end, to go on in it: it has this file. Throws Error where it has not, where
  // another process is at work in it, and where others could put files on its way.
  static RunFolder reopen(const std::filesystem::path& path, const std::string& file = "plan.json");
  // A folder of an earlier run; Error when it is none.
  static RunFolder open(const std::filesystem::path& path);
  // For a worker: the folder as its parent made it.
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  // Is it a folder of this user's own that nobody else can write to, and no link to one?
  bool is_own() const;

  // Nothing outside of the folder is written, whatever links there are in it (base/new_file.h).
  void write_text(const std::string& relative, std::string_view text) const;
  std::string read_text(const std::string& relative) const;
  bool has(const std::string& relative) const;
  // The folder for a file that somebody else writes.
  std::filesystem::path make_folder(const std::string& relative) const;

  void write_plan(const RunPlan& plan) const;
  RunPlan read_plan() const;
  void write_environment(const Environment& environment) const;
  Environment read_environment() const;
  void write_lab_environment(const LabAttempt& lab, const Environment& environment) const;
  // Empty when the lab has none.
  Environment read_lab_environment(const LabAttempt& lab) const;
  // In one write at the file's end: threads may call it at once.
  void append_event(const Event& event) const;

  void write_case_record(const CasePlan& plan, const CaseRecord& record) const;
  // A case without a record (the program was killed) was not tried; one that has files all the same broke.
  CaseRecord read_case_record(const CasePlan& plan) const;
  // How often the case was tried: at least 1.
  unsigned attempts(const CasePlan& plan) const;
  // How often the lab was started, whatever came of it.
  unsigned lab_attempts(const std::string& lab) const;

  static std::string leg_folder(const CasePlan& plan, LegRole role, unsigned round = 1);
  void write_leg(const std::string& folder, const LegObservation& seen) const;
  LegObservation read_leg(const std::string& folder) const;
  std::unique_ptr<FrameSource> open_capture(const std::string& folder, const std::string& file) const;
  // What was recorded below the folders of all attempts at a case, relative to the run folder, sorted.
  std::vector<std::string> artifacts(const CasePlan& plan) const;

 private:
  void lock(const std::string& remedy);

  std::filesystem::path path_;
  std::shared_ptr<const UniqueFd> lock_;  // of a folder that was created or reopened; freed with the last copy
};

}  // namespace offlab
