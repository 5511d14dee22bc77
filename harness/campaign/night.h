// One night of a campaign: its parts, what they say beside the nights before, and what is done about it at once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/night_question.h"
#include "model/night_report.h"
#include "port/run_history.h"

namespace offlab {

struct PartRun {
  std::optional<RunResult> run = {};  // as far as it came
  std::string trouble = {};           // why there is none
  std::string folder = {};
  bool interrupted = false;
};

// What a case was run with when it passed the last time.
struct LastGood {
  std::string image;   // digest; empty: not known, or the same as now
  std::string offlab;  // version; likewise
  bool operator==(const LastGood&) const = default;
};

// A case that is run again where it ran: on the host of this name.
struct CaseToRepeat {
  const NightPart& part;
  std::string case_id;
  std::string host;
};

// What a night asks of labs. Throws Interrupted when a stop was asked for.
class NightLabs {
 public:
  virtual ~NightLabs() = default;
  // Runs what is left of the part, or goes on with it. A case is begun only while there is time for it. `earlier`: of
  // other nights.
  virtual PartRun run(const NightPart& part, std::optional<double> seconds, const std::vector<HistoryRow>& earlier) = 0;
  // The case again, `times` times in one fresh lab, below the night's folder as `name`. Throws Error.
  virtual std::vector<CaseResult> again(const CaseToRepeat& repeat, unsigned times, const std::string& name) = 0;
  // The same once, with an image and a program that were good. Throws Error where they are not to be had.
  virtual CaseResult again_with(const CaseToRepeat& repeat, const LastGood& inputs, const std::string& name) = 0;
  virtual double spent_seconds() const = 0;
};

// Told what happens, a line at a time.
class NightListener {
 public:
  virtual ~NightListener() = default;
  virtual void on_part(const std::string& name, std::size_t number, std::size_t parts) = 0;
  virtual void on_step(const std::string& line) = 0;
};

// What was seen is in the history as soon as a part ends; a night that is asked for again goes on where it was.
NightReport run_night(const NightQuestion& question, NightLabs& labs, RunHistory& history, NightListener& listener);

// One sentence: sporadic, product, test or environment.
std::string cause_of(const Repeats& repeats);

}  // namespace offlab
