// A lab seen from the runner: something that records cases, one after another.
#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "plan/plan.h"
#include "record/run_folder.h"

namespace offlab {

// Where the lab ran is not there any more, with all labs on it. What was not recorded is for another place.
class PlaceLost : public Error {
 public:
  using Error::Error;
};

class LabSession {
 public:
  virtual ~LabSession() = default;
  // The case may begin; perform() is asked for it next.
  virtual void begin(const CasePlan& plan) = 0;
  // Returns when the case's observations are in the run folder, or when it is known that they will not be.
  // Cases are asked for in the order of the plan. Throws Interrupted when a stop was asked for, and
  // PlaceLost.
  virtual CaseRecord perform(const CasePlan& plan) = 0;
  // False when its guests were never ready: another attempt would end the same way.
  virtual bool came_up() const = 0;
  // False after the lab broke, or when something is off in it: the cases that are left need a new one.
  virtual bool usable() const = 0;
  // Something was off in the lab before the last case's traffic: what it showed does not count.
  virtual bool was_worn_before() const = 0;
};

class LabStarter {
 public:
  virtual ~LabStarter() = default;
  // `attempt`: from 1; a lab is started again for the cases that are left when it broke. Throws Error, and PlaceLost.
  virtual std::unique_ptr<LabSession> start(const LabPlan& plan, unsigned attempt) = 0;
};

}  // namespace offlab
