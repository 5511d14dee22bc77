// What a run tells another program while it is under way: JSON Lines, schema "offlab.events/1" (docs/run-json.md). The
// events in it are those of event_json.h.
#pragma once

#include <string>
#include <string_view>

#include "model/verdict.h"
#include "plan/plan.h"

namespace offlab {

// Each is one line, without the newline.
std::string stream_begin_line(std::string_view program_version, std::string_view command);
std::string stream_plan_line(const RunPlan& plan);
// Of a folder of files, each a run of its own.
std::string stream_file_line(const std::string& name, std::size_t number, std::size_t of);
std::string stream_result_line(const CaseResult& result);

struct StreamEnd {
  Outcome outcome = Outcome::error;
  int exit_status = 0;
  bool interrupted = false;
  std::string folder = {};  // of the run; empty: there is none
  std::string reason = {};  // why there is no result; empty: there is one
  std::string remedy = {};
};
// `run`: null where there is no result.
std::string stream_end_line(const StreamEnd& end, const RunResult* run);

}  // namespace offlab
