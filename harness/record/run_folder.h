// The run folder: everything that was planned, seen and judged, as files.
//
//   plan.json          what was to be done                   offlab.plan/3
//   topology.toml      the file that was run
//   environment.json   host, image, packages
//   events.jsonl       what happened, one JSON object a line
//   labs/LAB/          serial logs, libvirt's logs, the worker's stderr
//   cases/NN-ID/       case.json: recorded, skipped or broken, and why
//     control/, case/  one leg each; case-2/, control-2/ and so on: its repetitions, where the comparison needed them
//       baseline.json                     offloads after configuration, as `ethtool --json -k` shows them
//       before/NODE.txt, after/NODE.txt   counters, offloads, kernel log as the guest printed them
//       before/taps.json, after/taps.json
//       TAP.pcapng, captures.json         frames on both sides of the router, how complete they are
//       iperf3.json, iperf3.stderr
//       transfer.json                     why and when the transfer ended, CPU time of the devices under test over it
//       stream.json                       what came of the fixed-byte transfer
//       samples.csv                       counters of the router's taps every 100 ms
//   run.json, junit.xml                   the verdict                            offlab.run/1
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/event.h"
#include "model/frame.h"
#include "model/observation.h"
#include "plan/plan.h"

namespace offlab {

struct Environment {
  std::map<std::string, std::string> host;
  std::map<std::string, std::string> image;
  std::map<std::string, std::string> packages;
  std::string started;  // ISO 8601, UTC
  double seconds = 0;
};

// How a case ended, before anything is judged.
struct CaseRecord {
  Outcome outcome;  // pass: recorded; skip; error
  std::string reason;
};

class RunFolder {
 public:
  // A new folder; Error when `path` exists and is not empty.
  static RunFolder create(std::filesystem::path path);
  // A folder of an earlier run; Error when it is none.
  static RunFolder open(std::filesystem::path path);
  // For a worker: the folder as its parent made it.
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }

  void write_text(const std::string& relative, std::string_view text) const;
  std::string read_text(const std::string& relative) const;
  bool has(const std::string& relative) const;
  // The folder for a file that somebody else writes.
  std::filesystem::path make_folder(const std::string& relative) const;

  void write_plan(const RunPlan& plan) const;
  RunPlan read_plan() const;
  void write_environment(const Environment& environment) const;
  Environment read_environment() const;
  void append_event(const Event& event) const;

  void write_case_record(const CasePlan& plan, const CaseRecord& record) const;
  // An unfinished case (the program was killed) is an error record.
  CaseRecord read_case_record(const CasePlan& plan) const;

  static std::string leg_folder(const CasePlan& plan, LegRole role, unsigned round = 1);
  void write_leg(const std::string& folder, const LegObservation& seen) const;
  LegObservation read_leg(const std::string& folder) const;
  std::unique_ptr<FrameSource> open_capture(const std::string& folder, const std::string& file) const;
  // Files below a case's folder, relative to the run folder, sorted.
  std::vector<std::string> artifacts(const CasePlan& plan) const;

 private:
  std::filesystem::path path_;
};

}  // namespace offlab
