// A bisection carried out: its labs, its folder, its files.
#pragma once

#include <memory>
#include <string>

#include "campaign/bisect.h"
#include "session/run_session.h"
#include "session/scenario_file.h"

namespace offlab {

struct BisectOptions {
  std::string bad = {};   // a case's id; with `over` the case that every version is run with
  std::string good = {};  // a case's id; empty: none of the bad case's settings
  std::string over = {};  // "KEY=V1,V2,...": a list of versions, the first one good, the last one bad; empty: settings
  double flake_rate = 0;
  unsigned most_runs = 60;
  std::string out = {};  // a new folder
  std::string accelerator = "auto";
  bool cold = false;
};

// What is searched, and the cases that answer. Throws UsageError where the cases are not there or do not differ.
class BisectCases {
 public:
  BisectCases(const LoadedScenario& loaded, const BisectOptions& options);

  const BisectQuestion& question() const { return question_; }
  bool is_over_versions() const { return !versions_.empty(); }
  Case with_settings(SettingSet settings) const;
  Case with_version(std::size_t version) const;

 private:
  struct Difference {
    std::string key;
    std::optional<std::string> bad;  // nothing: the case does not set it
    std::optional<std::string> good;
  };

  Case make(const std::string& id, const SettingTexts& settings) const;

  Topology plain_;       // of the file
  std::string good_id_;  // of the case without the settings that are searched
  BisectQuestion question_;
  SettingTexts common_;  // that both cases make
  std::vector<Difference> differences_;
  std::vector<SettingText> versions_;
};

// Each run has a folder of its own below `folder`, numbered; bisect.json is beside them.
BisectReport run_bisect_session(const LoadedScenario& loaded, const BisectCases& cases, const BisectOptions& options,
                                const std::filesystem::path& folder, RunListener& listener,
                                const StepListener& on_step);

}  // namespace offlab
