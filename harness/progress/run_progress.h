// How far a run is, from its plan and its events.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/event.h"
#include "plan/plan.h"

namespace offlab {

struct NodeProgress {
  std::string name;
  std::optional<double> seconds = {};  // from its start to its answer; nothing: it has not answered yet
  bool restored = false;
  bool operator==(const NodeProgress&) const = default;
};

// The transfer that runs, or the last one of the case.
struct TransferRates {
  double seconds = 0;
  double total_seconds = 0;
  double uplink_bps = 0;
  std::vector<double> passed_bps = {};  // out of the last router, the newest last
  std::optional<std::uint64_t> bogus_errors = {};
};

struct LabProgress {
  std::string name;
  std::string stage = {};
  std::vector<NodeProgress> nodes = {};
  std::string case_id = {};  // that it is at; empty: none
  std::string leg = {};
  std::string step = {};
  bool transfers = false;  // the step is a transfer, and rates are its
  std::optional<TransferRates> rates = {};
  double highest_bps = 0;  // that passed in any leg of the case
  bool is_up() const { return stage == event::lab_ready; }
};

// Times are seconds on any clock that goes on.
class RunProgress {
 public:
  // From here on cases are counted by this plan.
  void expect(const RunPlan& plan, double now);
  void on(const Event& event, double now);

  // Those that start or run, by name.
  std::vector<LabProgress> labs() const;
  std::size_t cases() const { return case_count_; }         // 0: there is no plan
  std::size_t cases_begun() const { return cases_begun_; }  // attempts; beyond the plan where it is measured again
  std::size_t cases_done() const { return cases_done_; }
  // Nothing where there is no plan. Not below 0.
  std::optional<double> seconds_left(double now) const;

 private:
  struct Lab {
    LabProgress shown;
    std::set<std::string> cases;  // that are left
    bool runs = false;
  };

  Lab& lab_of(const Event& event);
  void enter_stage(Lab& lab, const event::LabStage& stage, double now);
  void end_case(Lab& lab, const event::CaseRecorded& recorded, double now);
  static void add_rates(LabProgress& lab, const event::TransferProgress& progress);
  // Something that was expected to take this long is done.
  void spend(double seconds, double now);
  std::size_t running_cases() const;

  std::map<std::string, Lab> labs_;
  std::map<std::string, double> case_seconds_;
  std::size_t case_count_ = 0;
  std::size_t cases_begun_ = 0;
  std::size_t cases_done_ = 0;
  double seconds_left_ = 0;  // at since_
  double since_ = 0;
};

}  // namespace offlab
