#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/number_words.h"
#include "base/units.h"
#include "report/html_report.h"

namespace offlab {
namespace {

std::string rate(double bits_per_second) {
  return to_string(BitRate{bits_per_second});
}

std::string percent(double logarithm) {
  return fmt::format("{:+.1f} %", percent_change(logarithm));
}

// A case of an arm: named by the arm, with the settings that its case has.
ReportCase arm_case(const char* arm, const std::string& words, CaseResult result, const std::string& folder) {
  ReportCase one{
      .result = in_folder(std::move(result), folder), .profile = {}, .remarks = {}, .report = folder + "/report.html"};
  one.remarks.push_back(words.empty() ? fmt::format("{}: as it is", arm) : fmt::format("{}: {}", arm, words));
  one.result.id = fmt::format("{}: {}", arm, one.result.id);
  return one;
}

Outcome outcome_of(GateAnswer answer) {
  switch (answer) {
    case GateAnswer::worse:
      return Outcome::fail;
    case GateAnswer::not_worse:
      return Outcome::pass;
    case GateAnswer::undecided:
      return Outcome::inconclusive;
  }
  return Outcome::inconclusive;
}

std::vector<std::string> comparison_row(const char* name, const Comparison& comparison, double sign) {
  const PairedInterval& interval = comparison.interval;
  std::string bounds = "no interval yet";
  if (interval.half_width) {
    const double a = sign * (interval.mean - *interval.half_width);
    const double b = sign * (interval.mean + *interval.half_width);
    bounds = fmt::format("{} .. {}", percent(std::min(a, b)), percent(std::max(a, b)));
  }
  return {name, percent(sign * interval.mean), bounds, fmt::format("{}", interval.pairs),
          std::string(to_string(comparison.answer))};
}

ReportBlock figures_of(const GateReport& gate) {
  ReportBlock block{
      .title = "Candidate over baseline",
      .text = fmt::format("The candidate may be worse by {:g} %. The interval holds at every look.",
                          100 * gate.limits.margin),
      .head = {"", "difference", fmt::format("{:g} % interval", 100 * (1 - gate.limits.alpha)), "pairs", "answer"},
      .rows = {}};
  block.rows.push_back(comparison_row("goodput", *gate.goodput, 1));
  if (gate.cpu) block.rows.push_back(comparison_row("CPU seconds for 1 Gbit", *gate.cpu, -1));
  return block;
}

ReportBlock pairs_of(const GateReport& gate) {
  ReportBlock block{.title = "Pairs",
                    .text = "Baseline and candidate were measured in turns, each pair in one lab.",
                    .head = {"pair", "first", "baseline", "candidate"},
                    .rows = {}};
  for (std::size_t i = 0; i < gate.pairs.size(); ++i)
    block.rows.push_back({fmt::format("{}", i + 1), gate.pairs[i].baseline_first ? "baseline" : "candidate",
                          rate(gate.pairs[i].baseline.goodput_bps), rate(gate.pairs[i].candidate.goodput_bps)});
  return block;
}

ReportPairs changes_of(const GateReport& gate) {
  const PairedInterval& interval = gate.goodput->interval;
  ReportPairs pairs{.changes = {},
                    .mean = percent_change(interval.mean),
                    .interval_percent = 100 * (1 - gate.limits.alpha),
                    .margin = -100 * gate.limits.margin};
  for (const GatePair& pair : gate.pairs)
    pairs.changes.push_back(100 * (pair.candidate.goodput_bps / pair.baseline.goodput_bps - 1));
  if (interval.half_width)
    pairs.interval = {percent_change(interval.mean - *interval.half_width),
                      percent_change(interval.mean + *interval.half_width)};
  return pairs;
}

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string words_of_repeat(const char* with, const Repeat& repeat) {
  if (!repeat.fails) return fmt::format("{}: not run, {}", with, repeat.why_not);
  return fmt::format("{}: {}", with, *repeat.fails ? "fails" : "passes");
}

// Relative to `folder`; empty where it is not below it.
std::string below(const std::string& path, const std::string& folder) {
  if (path.empty() || path.front() != '/') return path;
  const std::string begin = folder + "/";
  return path.rfind(begin, 0) == 0 ? path.substr(begin.size()) : "";
}

ReportCase case_of_night(const NightCaseReport& one, const std::string& folder) {
  ReportCase made{.result = one.result, .profile = {}, .remarks = {}, .report = {}};
  made.result.id = fmt::format("{}/{}", one.part, one.result.id);
  if (const std::string part = below(one.folder, folder); !part.empty()) {
    made.report = part + "/report.html";
    made.result = in_folder(std::move(made.result), part);
  } else {
    made.result = without_files(std::move(made.result));
  }
  if (one.fresh) made.remarks.emplace_back("new: it passed the last time");
  if (one.standing != Standing::gates)
    made.remarks.push_back(
        fmt::format("{}{}{}: does not count", to_string(one.standing), one.note.empty() ? "" : ", ", one.note));
  if (!one.cause.empty()) made.remarks.push_back(fmt::format("cause: {}", one.cause));
  if (one.repeats) {
    made.remarks.push_back(words_of_repeat("again", one.repeats->again));
    made.remarks.push_back(words_of_repeat("with the last good image", one.repeats->last_good_image));
    made.remarks.push_back(words_of_repeat("with the last good offlab", one.repeats->last_good_offlab));
    made.remarks.push_back(words_of_repeat("with both", one.repeats->last_good_both));
  }
  return made;
}

ReportBlock alarms_of(const NightReport& night) {
  ReportBlock block{.title = "Changes of level",
                    .text = "",
                    .head = {"part", "case", "change", "since", "measured again"},
                    .rows = {}};
  for (const Alarm& alarm : night.alarms)
    block.rows.push_back(
        {alarm.part, alarm.case_id, percent(alarm.change), alarm.since, alarm.answer.empty() ? "no" : alarm.answer});
  return block;
}

std::string sentence_of_night(const NightReport& night) {
  const auto counts = [&](auto wanted) {
    return static_cast<std::size_t>(std::count_if(night.cases.begin(), night.cases.end(), wanted));
  };
  const std::size_t bad = counts([](const NightCaseReport& one) {
    return one.standing == Standing::gates && one.result.outcome == Outcome::fail;
  });
  const std::size_t fresh = counts([](const NightCaseReport& one) {
    return one.standing == Standing::gates && one.result.outcome == Outcome::fail && one.fresh;
  });
  std::string text = night.interrupted ? "The night was interrupted. " : "";
  if (bad > 0)
    text += fmt::format("{} failed, {} of them new since the last night.", count_of(bad, "case", "cases"), fresh);
  else
    text += fmt::format("No case failed that counts; {} ran.", count_of(night.cases.size(), "case", "cases"));
  if (!night.alarms.empty())
    text += fmt::format(" {}.", count_of(night.alarms.size(), "change of level", "changes of level"));
  return text;
}

}  // namespace

CaseResult in_folder(CaseResult one, const std::string& folder) {
  if (folder.empty()) return one;
  const auto move = [&](std::string& path) {
    if (!path.empty()) path = fmt::format("{}/{}", folder, path);
  };
  move(one.folder);
  move(one.leg);
  for (std::string& artifact : one.artifacts) move(artifact);
  return one;
}

CaseResult without_files(CaseResult one) {
  one.artifacts.clear();
  one.folder.clear();
  one.leg.clear();
  return one;
}

HtmlReport report_of_run(const RunResult& run, const std::string& kind) {
  HtmlReport report{.kind = kind,
                    .title = run.name,
                    .summary = run.summary,
                    .sentence = verdict_sentence(run),
                    .outcome = run.outcome,
                    .question = run.question,
                    .started = run.started,
                    .seconds = run.seconds,
                    .blocks = {},
                    .cases = {},
                    .labs = run.labs,
                    .packages = run.packages};
  if (report.labs.empty() && !run.host.empty()) report.labs.push_back({{"run", 1}, run.host, run.image});
  for (const CaseResult& one : run.cases) {
    const auto member = kind == "suite" ? one.folder.find('/') : std::string::npos;
    const std::string own = member == std::string::npos ? "" : one.folder.substr(0, member) + "/report.html";
    report.cases.push_back({.result = one, .profile = {}, .remarks = {}, .report = own});
  }
  return report;
}

HtmlReport report_of_gate(const GateReport& gate) {
  HtmlReport report{.kind = "gate",
                    .title = fmt::format("{}: gate", gate.name),
                    .summary = fmt::format("case {}", gate.case_id),
                    .sentence = capital(gate.why),
                    .outcome = outcome_of(gate.answer)};
  if (gate.goodput) report.blocks.push_back(figures_of(gate));
  if (gate.goodput && !gate.pairs.empty()) report.pairs = changes_of(gate);
  if (!gate.pairs.empty()) report.blocks.push_back(pairs_of(gate));
  report.cases.push_back(arm_case("baseline", gate.baseline.words, gate.baseline.result, "classes"));
  report.cases.push_back(arm_case("candidate", gate.candidate.words, gate.candidate.result, "classes"));
  if (gate.again) report.cases.push_back(arm_case("candidate, again", "", *gate.again, "again"));
  return report;
}

HtmlReport report_of_bisection(const BisectReport& bisection) {
  const std::string fault = bisection.fault_class ? std::string(to_string(*bisection.fault_class)) : "no fault";
  const std::string found = fmt::format("{}", fmt::join(bisection.found, " with "));
  HtmlReport report{.kind = "bisect",
                    .title = fmt::format("{}: bisection", bisection.name),
                    .summary = fmt::format("case {} against {}", bisection.bad, bisection.good),
                    .sentence = {},
                    .outcome = Outcome::inconclusive};
  switch (bisection.end) {
    case SearchEnd::proven:
      report.outcome = Outcome::fail;
      report.sentence = fmt::format(
          "{} comes from {}. With it the fault showed twice; without each part of it, twice "
          "it did not.",
          fault, found);
      break;
    case SearchEnd::not_monotone:
      report.sentence = fmt::format("Not proven: {} comes and goes. The likeliest cause: {}.", fault, found);
      break;
    case SearchEnd::no_more_tries:
      report.sentence = fmt::format("Not proven within {}. The likeliest cause: {} ({:.0f} %).",
                                    count_of(bisection.steps.size(), "run", "runs"), found, 100 * bisection.likelihood);
      break;
    case SearchEnd::no_fault:
      report.sentence = fmt::format("The bad case, {}, shows no fault.", bisection.bad);
      break;
  }
  report.blocks.push_back(
      {.title = "Searched", .text = fmt::format("{}", fmt::join(bisection.searched, ", ")), .head = {}, .rows = {}});
  for (std::size_t i = 0; i < bisection.steps.size(); ++i) {
    const BisectStep& step = bisection.steps[i];
    ReportCase one{.result = step.result, .profile = {}, .remarks = {}, .report = {}};
    one.result.id = fmt::format("run {}: {}", i + 1, step.id);
    one.remarks.emplace_back(step.shows ? "shows the fault" : "does not show the fault");
    if (!step.folder.empty()) {
      one.report = step.folder + "/report.html";
      one.result = in_folder(std::move(one.result), step.folder);
    }
    report.cases.push_back(std::move(one));
  }
  return report;
}

HtmlReport report_of_night(const NightReport& night, const std::string& folder) {
  HtmlReport report{.kind = "night",
                    .title = night.campaign,
                    .summary = fmt::format("night {}", night.night),
                    .sentence = sentence_of_night(night),
                    .outcome = night.outcome,
                    .question = Question::as_expected,
                    .started = night.started,
                    .seconds = night.seconds};
  if (!night.alarms.empty()) report.blocks.push_back(alarms_of(night));
  ReportBlock parts{.title = "Parts without results", .text = "", .head = {"part", "why"}, .rows = {}};
  for (const NightPartReport& part : night.parts)
    if (!part.trouble.empty()) parts.rows.push_back({part.name, part.trouble});
  if (!parts.rows.empty()) report.blocks.push_back(parts);
  for (const std::string& note : night.notes)
    report.blocks.push_back({.title = "Note", .text = note, .head = {}, .rows = {}});
  for (const NightCaseReport& one : night.cases) report.cases.push_back(case_of_night(one, folder));
  return report;
}

}  // namespace offlab
