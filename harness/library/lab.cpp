#include <algorithm>
#include <filesystem>

#include <fmt/core.h>
#include <offlab/lab.h>
#include <unistd.h>

#include "library/asked_run.h"
#include "library/foreground_lab.h"
#include "library/offlab_program.h"
#include "library/scratch_file.h"

namespace offlab {
inline namespace v0 {
namespace {

using library::ForegroundLab;

// Of a case that the topology has once a flow: the one that is worst.
CaseResult worst_of(const RunResult& run) {
  constexpr Outcome order[] = {Outcome::fail, Outcome::error, Outcome::inconclusive, Outcome::skip, Outcome::pass};
  for (const Outcome outcome : order)
    for (const CaseResult& one : run.cases)
      if (one.outcome == outcome) return one;
  throw Failure(fmt::format("the run in {} has no case", run.folder), library::error_status);
}

std::string fresh_name() {
  static unsigned number = 0;
  return fmt::format("library-{}-{}", getpid(), ++number);
}

}  // namespace

class Lab::Parts {
 public:
  Parts(Topology topology, Options options) : topology_(std::move(topology)), options_(std::move(options)) {
    file_.write(topology_);
  }

  CaseResult run(const Settings& settings) {
    CaseResult result = run_matching(case_with(settings) + "*");
    result.id = settings.empty() ? "default" : settings.text();
    return result;
  }

  CaseResult run_case(const std::string& id) { return run_matching(library::exactly(id)); }

  const std::string& name() const { return name_; }
  unsigned starts() const { return starts_; }

 private:
  CaseResult run_matching(const std::string& cases) {
    if (lab_) try {
        return perform(cases);
      } catch (const Failure& failure) {
        if (failure.status() != library::usage_status) throw;
        lab_.reset();  // it needs other machines
      }
    start(cases);
    return perform(cases);
  }

  // The name of the case in the file that has these settings. Where there are several flows, their names follow it.
  std::string case_with(const Settings& settings) {
    const auto found = std::find_if(made_.begin(), made_.end(), [&](const Case& one) { return one.set == settings; });
    if (found != made_.end()) return found->name;
    made_.push_back({fmt::format("library-{}-", made_.size() + 1), settings, {}});
    topology_.cases.push_back(made_.back());
    file_.write(topology_);
    return made_.back().name;
  }

  void start(const std::string& cases) {
    name_ = fresh_name();
    lab_ = std::make_unique<ForegroundLab>(options_, file_.name(), cases, name_, file_.folder() / "up.log");
    ++starts_;
  }

  CaseResult perform(const std::string& cases) {
    const RunResult run = library::asked_run(options_, Question::healthy, library::name_in_folders(topology_),
                                             {file_.name(), "--lab", name_, "--case", cases});
    CaseResult worst = worst_of(run);
    if (worst.outcome == Outcome::error) lab_.reset();  // it broke
    return worst;
  }

  Topology topology_;
  Options options_;
  library::ScratchFile file_;
  std::vector<Case> made_;
  std::string name_;
  unsigned starts_ = 0;
  std::unique_ptr<ForegroundLab> lab_;
};

Lab::Lab(Topology topology, Options options)
    : parts_(std::make_unique<Parts>(std::move(topology), std::move(options))) {}
Lab::Lab(Lab&&) noexcept = default;
Lab& Lab::operator=(Lab&&) noexcept = default;
Lab::~Lab() = default;

CaseResult Lab::run(const Settings& settings) {
  return parts_->run(settings);
}

CaseResult Lab::run_case(const std::string& id) {
  return parts_->run_case(id);
}

const std::string& Lab::name() const {
  return parts_->name();
}

unsigned Lab::starts() const {
  return parts_->starts();
}

}  // namespace v0
}  // namespace offlab
