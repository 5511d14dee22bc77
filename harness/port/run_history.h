// Where nights are kept.
#pragma once

#include <string>
#include <vector>

#include "model/history.h"

namespace offlab {

// Whatever was written is there after a crash; what is written twice is there once. Throws Error.
class RunHistory {
 public:
  virtual ~RunHistory() = default;
  // A night that is known already goes on: it keeps its start.
  virtual void begin(const NightEntry& night) = 0;
  virtual void finish(const std::string& night, const std::string& at) = 0;
  // All or none. Night, part, case and attempt make a row; one that is there is replaced.
  virtual void add(const std::vector<HistoryRow>& rows) = 0;
  virtual void add(const Alarm& alarm) = 0;
  virtual void add(const Acknowledgement& known) = 0;

  // In the order of their starts.
  virtual std::vector<NightEntry> nights() const = 0;
  // In the order of the nights; with parts and cases in the order in which they were written.
  virtual std::vector<HistoryRow> rows() const = 0;
  virtual std::vector<Alarm> alarms() const = 0;
  virtual std::vector<Acknowledgement> acknowledgements() const = 0;
};

}  // namespace offlab
