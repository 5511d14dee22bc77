// What people see of a run while it is under way: on a terminal a view that is redrawn, elsewhere plain lines.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "cli/display.h"
#include "cli/event_stream.h"
#include "plan/plan.h"
#include "port/observer.h"
#include "progress/run_progress.h"

namespace offlab {

class Terminal : public Observer {
 public:
  // Progress goes to stderr, text() to stdout; with `json` everything is an EventStream's.
  explicit Terminal(const Display& display = {});
  // Takes the view away.
  ~Terminal() override;

  void on(const Event& event) override;
  // Finished text: a verdict, a table. What reaches the terminal is clean (base/clean_text.h), but only whoever makes a
  // line of several texts can keep one of them from hiding the others (base/clean_format.h).
  void text(const std::string& text);
  // A document for another program, on stdout as it is.
  void document(const std::string& text);
  // From here on text() goes to stderr.
  void text_to_stderr();
  // The same as text() of what says how far something is: not with --quiet.
  void interim(const std::string& text);
  // From here on cases are numbered by this plan, and the view says how much is left of it.
  void expect(const RunPlan& plan);

  // The same of what needs somebody's attention: a program gets it as a note.
  void warn(const std::string& text);
  // A verdict, for a program where one listens.
  void result(const CaseResult& result, Question question, bool show);
  // The run is over; what there is to say of it to people is said by text().
  void ended(const StreamEnd& end, const RunResult* run);
  // One of a folder of files begins.
  void file_started(const std::string& name, std::size_t number, std::size_t of);
  // Runs `body`, the whole of a command: what it throws is the end of the stream, and thrown on.
  int whole(const std::function<int()>& body);

 private:
  bool has_colours_on(int descriptor) const;
  void tell(const Event& event);
  void tell_stage(const LabAttempt& of, const event::LabStage& stage);
  void tell_case(const event::CaseStarted& started);
  void tell_step(const event::StepStarted& step);
  void line(const std::string& text);   // not with --quiet
  void print(const std::string& text);  // an error
  void draw();
  void erase();
  void keep_time(const std::stop_token& stop);
  std::string left() const;  // "about 24 s left"
  std::string which(const std::string& case_id) const;
  std::string of_lab(const std::string& lab) const;

  Display display_;
  std::optional<EventStream> stream_;
  bool is_live_;  // has a view
  bool text_on_stderr_ = false;
  bool has_colours_;
  bool is_unicode_;
  mutable std::mutex mutex_;
  RunProgress progress_;
  std::vector<std::string> shown_;                // of the view
  std::map<std::string, std::string> last_legs_;  // of the cases that run
  std::set<std::string> starting_;                // labs
  std::set<std::string> notes_;                   // each is told once
  std::condition_variable_any tick_;
  std::jthread clock_;  // last: it ends before what it uses
};

}  // namespace offlab
