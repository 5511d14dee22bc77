// A run for a program: JSON Lines (record/stream_json.h), each written out at once.
#pragma once

#include <cstdio>
#include <string>

#include "model/event.h"
#include "plan/plan.h"
#include "record/stream_json.h"

namespace offlab {

// Whoever uses it from several threads sees to it that they take turns.
class EventStream {
 public:
  // `command`: "run", "verify". The first line is written.
  explicit EventStream(const std::string& command, std::FILE* out = stdout);
  void planned(const RunPlan& plan);
  void file_started(const std::string& name, std::size_t number, std::size_t of);
  void event(const Event& event);
  void result(const CaseResult& result);
  // The last line.
  void ended(const StreamEnd& end, const RunResult* run);
  bool has_ended() const { return has_ended_; }

 private:
  void write(const std::string& line);

  std::FILE* out_;
  bool has_ended_ = false;
};

}  // namespace offlab
