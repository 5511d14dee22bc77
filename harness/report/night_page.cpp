#include "report/night_page.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "base/clean_format.h"
#include "base/number_words.h"

namespace offlab {
namespace {

constexpr std::size_t nights_shown = 30;
constexpr std::size_t bar_width = 40;
constexpr double bar_top = 1.25;  // of the control's goodput

std::string class_of(const CaseResult& result) {
  return result.fault_class ? std::string(to_string(*result.fault_class)) : result.reason;
}

std::string repeat_words(const char* with, const Repeat& repeat) {
  if (!repeat.fails) return clean_format("      {:<28} not run: {}\n", with, repeat.why_not);
  return clean_format("      {:<28} {}{}  {}\n", with, *repeat.fails ? "fails" : "passes",
                      repeat.fault_class.empty() ? "" : " (" + repeat.fault_class + ")", repeat.folder);
}

// Where a night has several hosts.
std::string place_words(const HistoryHost& host, const NightReport& report) {
  return host.name.empty() || host.name == report.host.name ? "" : " on " + host.name;
}

std::string case_words(const NightCaseReport& one, const NightReport& report) {
  std::string text = clean_format("  {:<12} {} {}{}: {}\n", to_string(one.result.outcome), one.part, one.result.id,
                                  place_words(one.host, report), class_of(one.result));
  if (!one.note.empty()) text += clean_format("      {}\n", one.note);
  if (one.result.outcome != Outcome::pass && !one.folder.empty())
    text += clean_format("      evidence: {}/{}\n", one.folder, one.result.folder);
  if (one.result.diagnosis && one.result.outcome == Outcome::fail) {
    text += clean_format("      {}\n", one.result.diagnosis->what);
    if (!one.result.diagnosis->remedies.empty())
      text += clean_format("      remedy ({}): {}\n", one.result.diagnosis->remedies.front().where,
                           one.result.diagnosis->remedies.front().action);
  }
  if (one.repeats) {
    text += repeat_words("again", one.repeats->again);
    text += repeat_words("with the last good image", one.repeats->last_good_image);
    text += repeat_words("with the last good offlab", one.repeats->last_good_offlab);
    text += repeat_words("with both", one.repeats->last_good_both);
  }
  if (!one.cause.empty()) text += clean_format("      cause: {}\n", one.cause);
  return text;
}

bool was_run(const NightCaseReport& one) {
  return one.result.recorded != Recorded::left_out;
}

template <typename Wanted>
std::string section(const char* title, const NightReport& report, Wanted wanted) {
  std::string text;
  for (const NightCaseReport& one : report.cases)
    if (wanted(one)) text += case_words(one, report);
  return text.empty() ? "" : clean_format("\n{}\n", title) + text;
}

std::string alarm_words(const Alarm& alarm, const NightReport& report) {
  const double percent = 100 * std::expm1(alarm.change);
  std::string text = clean_format("  {} {}{}: {:+.1f} % since {}", alarm.part, alarm.case_id,
                                  place_words(alarm.host, report), percent, alarm.since);
  if (alarm.answer == "worse") return text + ", measured again and confirmed\n";
  if (alarm.answer == "undecided") return text + ", not confirmed yet: more measurements are needed\n";
  return text + (percent > 0 ? ", better\n" : ", not measured again: the night was too short\n");
}

const char* headline(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return "PASS";
    case Outcome::fail:
      return "FAIL";
    case Outcome::inconclusive:
      return "INCONCLUSIVE";
    case Outcome::skip:
      return "SKIP";
    case Outcome::error:
      return "ERROR";
  }
  return "?";
}

char sign_of(const HistoryRow& row) {
  switch (row.outcome) {
    case Outcome::pass:
      return '.';
    case Outcome::fail:
      return 'F';
    case Outcome::inconclusive:
      return '?';
    case Outcome::skip:
      return '-';
    case Outcome::error:
      return 'E';
  }
  return ' ';
}

using CaseKey = std::tuple<HistoryHost, std::string, std::string>;

// In the order in which they are first seen.
std::vector<std::pair<CaseKey, std::vector<const HistoryRow*>>> by_case(const std::vector<HistoryRow>& rows) {
  std::vector<std::pair<CaseKey, std::vector<const HistoryRow*>>> all;
  std::map<CaseKey, std::size_t> places;
  for (const HistoryRow& row : rows) {
    if (!row.last) continue;
    const CaseKey key{row.host, row.part, row.case_id};
    const auto [place, fresh] = places.try_emplace(key, all.size());
    if (fresh) all.push_back({key, {}});
    all[place->second].second.push_back(&row);
  }
  return all;
}

std::string level_of(const std::vector<const HistoryRow*>& rows) {
  std::vector<double> shares;
  for (std::size_t i = rows.size() > 10 ? rows.size() - 10 : 0; i < rows.size(); ++i)
    if (const auto ratio = log_ratio(*rows[i])) shares.push_back(std::exp(*ratio));
  if (shares.empty()) return "";
  std::sort(shares.begin(), shares.end());
  return fmt::format("{:.0f} %", 100 * shares[shares.size() / 2]);
}

std::string host_words(const HistoryHost& host) {
  return clean_format("{} ({}, QEMU {}, kernel {})", host.name, host.accelerator, host.qemu, host.kernel);
}

}  // namespace

std::string night_page(const NightReport& report, const std::string& folder) {
  std::string text =
      clean_format("\n{} night of {}, begun {}, on {}\n", report.interrupted ? "INTERRUPTED" : headline(report.outcome),
                   report.campaign, report.started, host_words(report.host));
  std::map<std::string, unsigned> counts;
  for (const NightCaseReport& one : report.cases)
    ++counts[std::string(was_run(one) ? to_string(one.result.outcome) : "left out")];
  std::string summary;
  for (const auto& [word, count] : counts) summary += fmt::format("{}{} {}", summary.empty() ? "" : ", ", count, word);
  text += clean_format("{}; {:.0f} s\n", summary.empty() ? "no case was run" : summary, report.seconds);
  for (const NightPartReport& part : report.parts)
    if (!part.trouble.empty()) text += clean_format("  ERROR {}: {}\n", part.name, part.trouble);
  text += section("Not passed, and the night's answer:", report, [](const NightCaseReport& one) {
    return one.standing == Standing::gates && one.result.outcome != Outcome::pass &&
           one.result.outcome != Outcome::skip;
  });
  if (!report.alarms.empty()) {
    text += "\nThroughput has changed:\n";
    for (const Alarm& alarm : report.alarms) text += alarm_words(alarm, report);
  }
  text += section("Not passed, and not counted:", report, [](const NightCaseReport& one) {
    return (one.standing == Standing::experimental || one.standing == Standing::unproven) &&
           one.result.outcome != Outcome::pass && one.result.outcome != Outcome::skip;
  });
  text += section("In quarantine:", report,
                  [](const NightCaseReport& one) { return one.standing == Standing::quarantined; });
  text += section("Left out, as there was no time:", report, [](const NightCaseReport& one) { return !was_run(one); });
  if (std::none_of(report.cases.begin(), report.cases.end(),
                   [](const NightCaseReport& one) { return one.standing == Standing::gates; }))
    text += "\nNo case counts yet: whatever the cases say, the night does not fail by it\n";
  const auto unproven = std::count_if(report.cases.begin(), report.cases.end(), [](const NightCaseReport& one) {
    return one.standing == Standing::unproven && one.result.outcome == Outcome::pass;
  });
  if (unproven > 0)
    text += clean_format("\n{} that passed will count once {} passed three nights in a row\n",
                         count_of(static_cast<std::uint64_t>(unproven), "case", "cases"),
                         unproven == 1 ? "it has" : "they have");
  if (!report.notes.empty()) {
    text += "\nNotes:\n";
    for (const std::string& note : report.notes) text += clean_format("  {}\n", note);
  }
  return text + clean_format("\nevidence: {}\n", folder);
}

std::string history_table(const std::vector<HistoryRow>& rows, const std::vector<Alarm>& alarms,
                          const std::vector<Acknowledgement>& acknowledged, const std::string& only) {
  std::string text;
  HistoryHost shown;
  bool any = false;
  for (const auto& [key, nights] : by_case(rows)) {
    const auto& [host, part, case_id] = key;
    if (case_id.find(only) == std::string::npos) continue;
    if (!any || host != shown) text += clean_format("{}{}\n", any ? "\n" : "", host_words(host));
    any = true;
    shown = host;
    std::string signs;
    unsigned passes = 0;
    for (const HistoryRow* row : nights) {
      signs += sign_of(*row);
      if (row->outcome == Outcome::pass) ++passes;
    }
    if (signs.size() > nights_shown) signs = signs.substr(signs.size() - nights_shown);
    text += clean_format("  {:<30}  {:>3} of {:<3}  {:>6}  {} {}\n", signs, passes, nights.size(), level_of(nights),
                         part, case_id);
    for (const Alarm& alarm : alarms)
      if (alarm.host == host && alarm.part == part && alarm.case_id == case_id)
        text += clean_format("  {:<30}  {:+.1f} % since {}{}\n", "", 100 * std::expm1(alarm.change), alarm.since,
                             alarm.answer.empty() ? "" : ", " + alarm.answer);
    for (const Acknowledgement& one : acknowledged)
      if (one.part == part && one.case_id == case_id)
        text += clean_format("  {:<30}  known since {}: {}\n", "", one.night, one.reason);
  }
  if (!any) return only.empty() ? "no night is in the history\n" : clean_format("no case has '{}' in its id\n", only);
  return text +
         "\none sign a night, the latest last: . pass, F fail, ? inconclusive, - skip or left out, E error;\nthen how "
         "often it passed, and the median goodput of the last ten nights, as a share of the control's\n";
}

std::string history_chart(const std::vector<HistoryRow>& rows, const std::vector<Alarm>& alarms,
                          const std::string& case_id) {
  std::string text;
  for (const auto& [key, nights] : by_case(rows)) {
    const auto& [host, part, id] = key;
    if (id != case_id) continue;
    text += clean_format("{}{} {} on {}\n", text.empty() ? "" : "\n", part, id, host_words(host));
    for (const HistoryRow* row : nights) {
      const auto ratio = log_ratio(*row);
      const double share = ratio ? std::exp(*ratio) : 0;
      const auto length = static_cast<std::size_t>(std::min(share, bar_top) / bar_top * bar_width);
      std::string mark;
      for (const Alarm& alarm : alarms)
        if (alarm.host == host && alarm.part == part && alarm.case_id == id && alarm.since == row->night)
          mark = fmt::format("  <- {:+.1f} % {}", 100 * std::expm1(alarm.change), alarm.answer);
      text +=
          clean_format("  {}  {:<12} {:>6}  {:<{}}{}\n", row->night, to_string(row->outcome),
                       ratio ? fmt::format("{:.1f} %", 100 * share) : "", std::string(length, '#'), bar_width, mark);
    }
  }
  return text.empty() ? clean_format("no case has the id '{}'\n", case_id) : text;
}

}  // namespace offlab
