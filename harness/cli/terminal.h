// Progress on a terminal: one live line that is redrawn. Elsewhere: plain lines.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "plan/plan.h"
#include "port/observer.h"

namespace offlab {

class Terminal : public Observer {
 public:
  // Progress goes to stderr, text() to stdout.
  Terminal();

  void on(const Event& event) override;
  // Finished text: a verdict, a table. What reaches the terminal is clean (base/clean_text.h), but only whoever makes a
  // line of several texts can keep one of them from hiding the others (base/clean_format.h).
  void text(const std::string& text);
  // A document for another program, on stdout as it is.
  void document(const std::string& text);
  // From here on text() goes to stderr.
  void text_to_stderr();
  // From here on cases are numbered by this plan, and the live line says how much is left of it.
  void expect(const RunPlan& plan);

 private:
  void line(const std::string& text);
  void live(const std::string& text);
  void clear_live();
  // Something that was expected to take this long is done.
  void done(double expected_seconds);
  std::string left() const;  // "about 24 s left"
  std::string which(const std::string& case_id) const;
  std::string of_lab(const std::string& lab) const;

  std::mutex mutex_;
  bool is_terminal_;
  bool text_on_stderr_ = false;
  bool live_shown_ = false;
  std::size_t case_number_ = 0;
  std::size_t case_count_ = 0;
  std::map<std::string, double> case_seconds_;
  double seconds_left_ = 0;  // at since_
  std::chrono::steady_clock::time_point since_;
  std::map<std::string, std::string> last_legs_;  // of the cases that run
  std::set<std::string> starting_;                // labs
  std::set<std::string> notes_;                   // each is told once
};

}  // namespace offlab
