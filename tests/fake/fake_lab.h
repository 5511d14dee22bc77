// Labs that end cases as they are told to, without machines.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "runner/lab_session.h"

namespace offlab {

class FakeLabs : public LabStarter {
 public:
  enum class End {
    recorded,     // nothing is wrong
    skipped,      // the guests cannot do it
    breaks,       // the lab breaks in this case
    throws,       // the same, told by an Error
    interrupted,  // a stop is asked for
    wears,        // as skipped, and it leaves something behind
    worn_before,  // as skipped, and it finds something off, the first time
  };

  std::map<std::string, End> ends;              // case id -> how it ends
  End otherwise = End::recorded;                // how the others end
  std::map<std::string, std::string> no_start;  // lab -> why it never comes up
  std::map<std::string, int> no_start_after;    // lab -> how many times it comes up before it does not any more
  bool fails_at_start = false;                  // a lab of `no_start` fails in start(), not in its first case
  std::function<void(const CasePlan&)> record = [](const CasePlan&) {};  // what a recorded case leaves behind

  std::vector<std::vector<std::string>> started;  // ids of the cases that each started lab was planned for
  std::vector<std::string> attempts;              // "lab-1 2": each start
  std::vector<std::string> begun;                 // before it was their turn
  std::vector<std::string> performed;
  std::function<void()> on_start = [] {};
  std::function<void()> on_case = [] {};
  std::set<std::string> found_worn;          // cases of `worn_before` that were performed
  std::map<std::string, int> breaks_before;  // case id -> how many times its lab breaks in it before it ends as told
  int alive = 0;
  int most_alive = 0;

  std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) override {
    on_start();
    started.emplace_back();
    attempts.push_back(plan.name + " " + std::to_string(attempt));
    for (const CasePlan& one : plan.cases) started.back().push_back(one.id);
    const auto last = no_start_after.find(plan.name);
    if (last != no_start_after.end() && last->second-- <= 0)
      no_start.try_emplace(plan.name, "it does not come up again");
    const auto broken = no_start.find(plan.name);
    if (broken != no_start.end() && fails_at_start) throw Error(broken->second);
    return std::make_unique<Session>(*this, broken == no_start.end() ? std::string() : broken->second);
  }

 private:
  class Session : public LabSession {
   public:
    Session(FakeLabs& labs, std::string broken) : labs_(labs), broken_(std::move(broken)), usable_(broken_.empty()) {
      labs_.most_alive = std::max(labs_.most_alive, ++labs_.alive);
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() override { --labs_.alive; }

    void begin(const CasePlan& plan) override { labs_.begun.push_back(plan.id); }
    CaseRecord perform(const CasePlan& plan) override {
      labs_.on_case();
      labs_.performed.push_back(plan.id);
      if (!broken_.empty()) return {Recorded::broken, broken_};
      const auto breaks = labs_.breaks_before.find(plan.id);
      if (breaks != labs_.breaks_before.end() && breaks->second-- > 0) {
        labs_.record(plan);
        usable_ = false;
        return {Recorded::broken, "the lab broke in " + plan.id};
      }
      const auto end = labs_.ends.find(plan.id);
      switch (end == labs_.ends.end() ? labs_.otherwise : end->second) {
        case End::recorded:
          labs_.record(plan);
          return {Recorded::recorded};
        case End::skipped:
          return {Recorded::skipped, "the guest has no such feature"};
        case End::breaks:
          usable_ = false;
          return {Recorded::broken, "the lab broke in " + plan.id};
        case End::throws:
          usable_ = false;
          throw Error("the lab broke in " + plan.id);
        case End::interrupted:
          throw Interrupted();
        case End::wears:
          usable_ = false;
          return {Recorded::skipped, "the guest has no such feature"};
        case End::worn_before:
          worn_before_ = labs_.found_worn.insert(plan.id).second;
          usable_ = !worn_before_;
          return {Recorded::skipped, "the guest has no such feature"};
      }
      return {Recorded::broken, "?"};
    }
    bool came_up() const override { return broken_.empty(); }
    bool usable() const override { return usable_; }
    bool was_worn_before() const override { return worn_before_; }

   private:
    FakeLabs& labs_;
    std::string broken_;
    bool usable_;
    bool worn_before_ = false;
  };
};

}  // namespace offlab
