#include "cli/event_stream.h"

#include "base/version.h"
#include "record/event_json.h"

namespace offlab {

EventStream::EventStream(const std::string& command, std::FILE* out) : out_(out) {
  write(stream_begin_line(program_version(), command));
}

void EventStream::planned(const RunPlan& plan) {
  write(stream_plan_line(plan));
}

void EventStream::file_started(const std::string& name, std::size_t number, std::size_t of) {
  write(stream_file_line(name, number, of));
}

void EventStream::event(const Event& event) {
  write(event_to_line(event));
}

void EventStream::result(const CaseResult& result) {
  write(stream_result_line(result));
}

void EventStream::ended(const StreamEnd& end, const RunResult* run) {
  write(stream_end_line(end, run));
  has_ended_ = true;
}

void EventStream::write(const std::string& line) {
  std::fputs((line + "\n").c_str(), out_);
  std::fflush(out_);
}

}  // namespace offlab
