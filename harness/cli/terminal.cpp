#include "cli/terminal.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "progress/live_view.h"
#include "progress/redraw.h"
#include "report/console.h"
#include "session/run_session.h"

namespace offlab {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Whether characters beyond ASCII can be shown. Source: POSIX, 8.2: the first of these that is set counts.
bool knows_unicode() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const std::string_view locale = variable(name); !locale.empty())
      return locale.find("UTF-8") != std::string_view::npos || locale.find("utf8") != std::string_view::npos;
  return false;
}

// Of what stderr shows; that of a terminal which does not tell is the usual one.
ViewSize view_size(bool unicode) {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {80, 24, unicode};
  return {size.ws_col, size.ws_row, unicode};
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Terminal::Terminal(const Display& display)
    : display_(display),
      is_live_(!display.quiet && !display.json && isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb" &&
               !variable("TERM").empty()),
      has_colours_(has_colours_on(STDOUT_FILENO)),
      is_unicode_(knows_unicode()) {
  if (display.json) stream_.emplace(display.command);
}

bool Terminal::has_colours_on(int descriptor) const {
  return wants_colours(display_.colour, {variable("NO_COLOR"), variable("CLICOLOR_FORCE"), variable("TERM")},
                       isatty(descriptor) == 1);
}

Terminal::~Terminal() {
  const std::lock_guard lock(mutex_);
  erase();
}

void Terminal::expect(const RunPlan& plan) {
  const std::lock_guard lock(mutex_);
  progress_.expect(plan, now());
  if (stream_) stream_->planned(plan);
  if (is_live_ && !clock_.joinable()) clock_ = std::jthread([this](const std::stop_token& stop) { keep_time(stop); });
}

// The view says what time is left also where nothing happens.
void Terminal::keep_time(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    tick_.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
    if (!shown_.empty() && !stop.stop_requested()) draw();
  }
}

void Terminal::on(const Event& event) {
  const std::lock_guard lock(mutex_);
  progress_.on(event, now());
  if (stream_) return stream_->event(event);
  tell(event);
  if (is_live_) draw();
}

// In lines. On a terminal the view has what is under way.
void Terminal::tell(const Event& event) {
  std::visit(Overloaded{
                 [&](const event::LabStage& stage) { tell_stage(event.of, stage); },
                 [&](const event::NodeReady& ready) {
                   if (is_live_ && !display_.verbose) return;
                   line(fmt::format("  {}{} answers after {:.1f} s{}", of_lab(event.of.lab), ready.node, ready.seconds,
                                    ready.restored ? " (restored)" : ""));
                 },
                 [&](const event::CaseStarted& started) { tell_case(started); },
                 [&](const event::StepStarted& step) { tell_step(step); },
                 [&](const event::TransferProgress&) {},
                 [&](const event::CaseRecorded& recorded) { last_legs_.erase(recorded.id); },
                 [&](const event::Note& note) {
                   if (notes_.insert(note.text).second) line(note.text);
                 },
                 [&](const event::LabWorn& worn) {
                   line(fmt::format("the lab is not used again after this case: {}", worn.reason));
                 },
                 [&](const event::LabFailed& failed) {
                   print(fmt::format("lab failed: {}{}", failed.reason,
                                     failed.remedy.empty() ? "" : fmt::format(" ({})", failed.remedy)));
                 },
             },
             event.what);
}

void Terminal::tell_stage(const LabAttempt& of, const event::LabStage& stage) {
  if (stage.stage == event::lab_ready)
    starting_.erase(of.lab);
  else
    starting_.insert(of.lab);
  if (is_live_ && !display_.verbose && stage.stage != event::lab_ready) return;
  line(fmt::format("{}: {}{}{}", of.lab, stage.stage, stage.detail.empty() ? "" : ": ", stage.detail));
}

void Terminal::tell_case(const event::CaseStarted& started) {
  last_legs_[started.id].clear();
  if (is_live_ && !display_.verbose) return;
  // A gate measures its pairs beyond what was planned.
  line(progress_.cases_begun() > progress_.cases()
           ? fmt::format("case {}", started.id)
           : fmt::format("case {}/{}: {}  ({})", progress_.cases_begun(), progress_.cases(), started.id, left()));
}

void Terminal::tell_step(const event::StepStarted& step) {
  std::string& last = last_legs_[step.case_id];
  if (display_.verbose)
    line(fmt::format("  {}{}: {}", which(step.case_id), step.leg, step.step));
  else if (!is_live_ && step.leg != last)
    line(fmt::format("  {}{}", which(step.case_id), step.leg));
  last = step.leg;
}

void Terminal::text(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (stream_) return;
  erase();
  const std::string clean = clean_text(text);
  std::FILE* stream = text_on_stderr_ ? stderr : stdout;
  std::fputs((has_colours_ ? with_colours(clean) : clean).c_str(), stream);
  std::fflush(stream);
}

void Terminal::document(const std::string& text) {
  const std::lock_guard lock(mutex_);
  erase();
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

void Terminal::text_to_stderr() {
  const std::lock_guard lock(mutex_);
  text_on_stderr_ = true;
  has_colours_ = has_colours_on(STDERR_FILENO);
}

void Terminal::interim(const std::string& text) {
  if (!display_.quiet) this->text(text);
}

void Terminal::warn(const std::string& text) {
  this->text(text);
  const std::lock_guard lock(mutex_);
  if (stream_ && !text.empty()) stream_->event(event::Note{text});
}

void Terminal::result(const CaseResult& result, Question question, bool show) {
  if (show) text(console_case(result, question, display_.verbose));
  const std::lock_guard lock(mutex_);
  if (stream_) stream_->result(result);
  if (!show && is_live_) line(fmt::format("case {}: done", result.id));
}

void Terminal::file_started(const std::string& name, std::size_t number, std::size_t of) {
  interim(clean_format("\n== {} (file {} of {})\n", name, number, of));
  const std::lock_guard lock(mutex_);
  if (stream_) stream_->file_started(name, number, of);
}

void Terminal::ended(const StreamEnd& end, const RunResult* run) {
  const std::lock_guard lock(mutex_);
  if (stream_ && !stream_->has_ended()) stream_->ended(end, run);
}

int Terminal::whole(const std::function<int()>& body) try { return body(); } catch (const UsageError& error) {
  ended({.exit_status = 2, .reason = error.what()}, nullptr);
  throw;
} catch (const Interrupted& error) {
  ended({.exit_status = interrupted_status, .interrupted = true, .reason = "interrupted"}, nullptr);
  throw;
} catch (const Error& error) {
  ended({.exit_status = 3, .reason = error.what(), .remedy = error.remedy()}, nullptr);
  throw;
} catch (const std::exception& error) {
  ended({.exit_status = 3, .reason = error.what()}, nullptr);
  throw;
}

void Terminal::line(const std::string& text) {
  if (!display_.quiet) print(text);
}

void Terminal::print(const std::string& text) {
  erase();
  std::fprintf(stderr, "%s\n", clean_line(text).c_str());
}

void Terminal::draw() {
  const ViewSize size = view_size(is_unicode_);
  std::vector<std::string> lines = live_view(progress_, now(), size);
  const std::string sent = redrawn(shown_, lines, size.columns);
  std::fwrite(sent.data(), 1, sent.size(), stderr);
  std::fflush(stderr);
  shown_ = std::move(lines);
}

void Terminal::erase() {
  if (shown_.empty()) return;
  const std::string sent = redrawn(shown_, {}, view_size(is_unicode_).columns);
  std::fwrite(sent.data(), 1, sent.size(), stderr);
  std::fflush(stderr);
  shown_.clear();
}

// Only where there are several at the same time.
std::string Terminal::which(const std::string& case_id) const {
  return last_legs_.size() > 1 ? case_id + ": " : "";
}

std::string Terminal::of_lab(const std::string& lab) const {
  return starting_.size() > 1 ? lab + ": " : "";
}

std::string Terminal::left() const {
  return fmt::format("about {} left", duration_text(progress_.seconds_left(now()).value_or(0)));
}

}  // namespace offlab
