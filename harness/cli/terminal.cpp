#include "cli/terminal.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/units.h"

namespace offlab {
namespace {

// Switching, checking, counting: per leg, beyond its traffic. Measured on two cores under TCG.
constexpr double leg_overhead_seconds = 2;
constexpr double lab_start_seconds = 8;

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::size_t terminal_width() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

std::string duration_text(double seconds) {
  const int whole = std::max(0, static_cast<int>(std::lround(seconds)));
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

}  // namespace

Terminal::Terminal() : is_terminal_(isatty(STDERR_FILENO) == 1) {}

void Terminal::expect(const RunPlan& plan) {
  const std::lock_guard lock(mutex_);
  since_ = std::chrono::steady_clock::now();
  case_number_ = 0;
  case_count_ = 0;
  case_seconds_.clear();
  seconds_left_ = 0;
  for (const LabPlan& lab : plan.labs) {
    seconds_left_ += lab_start_seconds;
    for (const CasePlan& one : lab.cases) {
      case_seconds_[one.id] = usual_traffic_seconds(one) + 2 * leg_overhead_seconds;
      seconds_left_ += case_seconds_[one.id];
      ++case_count_;
    }
  }
}

void Terminal::on(const Event& event) {
  const std::lock_guard lock(mutex_);
  std::visit(
      Overloaded{
          [&](const event::LabStage& stage) {
            if (stage.stage == event::lab_ready) done(lab_start_seconds);
            if (stage.stage == event::lab_ready)
              starting_.erase(event.of.lab);
            else
              starting_.insert(event.of.lab);
            line(fmt::format("{}: {}{}{}", event.of.lab, stage.stage, stage.detail.empty() ? "" : ": ", stage.detail));
          },
          [&](const event::NodeReady& ready) {
            line(fmt::format("  {}{} answers after {:.1f} s{}", of_lab(event.of.lab), ready.node, ready.seconds,
                             ready.restored ? " (restored)" : ""));
          },
          [&](const event::CaseStarted& started) {
            ++case_number_;
            last_legs_[started.id].clear();
            // A gate measures its pairs beyond what was planned.
            line(case_number_ > case_count_
                     ? fmt::format("case {}", started.id)
                     : fmt::format("case {}/{}: {}  ({})", case_number_, case_count_, started.id, left()));
          },
          [&](const event::StepStarted& step) {
            std::string& last = last_legs_[step.case_id];
            if (!is_terminal_ && step.leg != last) line(fmt::format("  {}{}", which(step.case_id), step.leg));
            last = step.leg;
            live(fmt::format("[{}] {}{}: {}", left(), which(step.case_id), step.leg, step.step));
          },
          [&](const event::TransferProgress& progress) {
            live(fmt::format("[{}] {}{}: transfer {:.1f} of {:.0f} s, {} into the router", left(),
                             which(progress.case_id), progress.leg, progress.seconds, progress.total_seconds,
                             to_string(BitRate{progress.uplink_bps})));
          },
          [&](const event::CaseRecorded& recorded) {
            done(case_seconds_[recorded.id]);
            last_legs_.erase(recorded.id);
            clear_live();
          },
          [&](const event::Note& note) {
            if (notes_.insert(note.text).second) line(note.text);
          },
          [&](const event::LabWorn& worn) {
            line(fmt::format("the lab is not used again after this case: {}", worn.reason));
          },
          [&](const event::LabFailed& failed) {
            line(fmt::format("lab failed: {}{}", failed.reason,
                             failed.remedy.empty() ? "" : fmt::format(" ({})", failed.remedy)));
          },
      },
      event.what);
}

void Terminal::text(const std::string& text) {
  const std::lock_guard lock(mutex_);
  clear_live();
  std::FILE* stream = text_on_stderr_ ? stderr : stdout;
  std::fputs(clean_text(text).c_str(), stream);
  std::fflush(stream);
}

void Terminal::document(const std::string& text) {
  const std::lock_guard lock(mutex_);
  clear_live();
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

void Terminal::text_to_stderr() {
  const std::lock_guard lock(mutex_);
  text_on_stderr_ = true;
}

void Terminal::line(const std::string& text) {
  clear_live();
  std::fprintf(stderr, "%s\n", clean_line(text).c_str());
}

void Terminal::live(const std::string& text) {
  if (!is_terminal_) return;
  const std::string shown = clean_line(text).substr(0, terminal_width() - 1);  // may end inside a character
  std::fprintf(stderr, "\r\033[K%s", clean_line(shown).c_str());
  std::fflush(stderr);
  live_shown_ = true;
}

void Terminal::clear_live() {
  if (live_shown_) std::fputs("\r\033[K", stderr);
  live_shown_ = false;
}

// Only where there are several at the same time.
std::string Terminal::which(const std::string& case_id) const {
  return last_legs_.size() > 1 ? case_id + ": " : "";
}

std::string Terminal::of_lab(const std::string& lab) const {
  return starting_.size() > 1 ? lab + ": " : "";
}

void Terminal::done(double expected_seconds) {
  seconds_left_ -= expected_seconds;
  since_ = std::chrono::steady_clock::now();
}

std::string Terminal::left() const {
  const double passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
  return fmt::format(
      "about {} left",
      duration_text(seconds_left_ / static_cast<double>(std::max<std::size_t>(last_legs_.size(), 1)) - passed));
}

}  // namespace offlab
