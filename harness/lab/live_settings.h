// Settings of a running lab, outside of any leg: they stay until something else is set.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lab/lab.h"
#include "model/live_state.h"

namespace offlab {

class LiveSettings {
 public:
  explicit LiveSettings(Lab& lab) : lab_(lab) {}

  // Carries out the guests' steps (RunCommands, ApplySettings), then switches the stages of the SetMerging steps on and
  // forces the taps of the ForceTap steps. Every other stage is off and every other tap has the word that its guest
  // asked for. Throws Unsupported for what a guest cannot do.
  void apply(const std::vector<Step>& steps);
  // Asks every guest and tap.
  LiveState read();
  // Runs `action`, in which legs may change everything, and puts back what was before: offloads, MTUs, taps; then what
  // the RunCommands of `after` put back. Also when `action` throws, unless a guest died. Throws Error when something
  // does not read back as it was.
  void keep_over(const std::function<void()>& action, const std::vector<Step>& after);

 private:
  struct ForcedTap {
    OffloadWord saved;
    OffloadWord word;
    step::ForceTap step;
  };

  using ForcedTaps = std::map<std::string, ForcedTap>;  // by tap

  void carry_out(const std::vector<Step>& steps);
  void set_merging(const Lab::Access& lab, const step::SetMerging& stage);
  void release_taps(const Lab::Access& lab);
  void force_tap(const Lab::Access& lab, const step::ForceTap& force);
  void inject_again(const ForcedTaps& forced, const std::vector<step::SetMerging>& merging);
  void restore(LiveState wanted, const std::vector<Step>& after);
  void restore_values(LiveState& wanted);
  using NicScript = std::string (*)(const NicPlan& nic, const NicState& wanted, const NicState& now);
  void run_on_nics(const LiveState& wanted, const LiveState& now, const std::string& begin, NicScript script_of);

  Lab& lab_;
  ForcedTaps forced_;
  std::vector<step::SetMerging> merging_;  // stages that are on
};

}  // namespace offlab
