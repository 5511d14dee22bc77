#include "campaign/night.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/error.h"
#include "campaign/confirm_change.h"
#include "campaign/standing.h"
#include "campaign/watch.h"

namespace offlab {
namespace {

constexpr const char* same_as_tonight = "it is the same as tonight";
constexpr const char* one_is_same = "one of them is the same as tonight";
constexpr std::size_t nights_apart = 3;  // a change that was seen before may be found so far from where it was

std::string images_of(const RunResult& run, const LabAttempt& lab) {
  std::string digests;
  const auto add = [&](const std::map<std::string, std::string>& image) {
    for (const auto& [key, value] : image)
      if (key.ends_with("digest")) digests += (digests.empty() ? "" : " ") + value;
  };
  for (const LabHost& one : run.labs)
    if (one.lab == lab) add(one.image);
  if (digests.empty()) add(run.image);
  return digests;
}

std::string value_of(const std::map<std::string, std::string>& host, const std::string& key) {
  const auto found = host.find(key);
  return found == host.end() ? "" : found->second;
}

// What is not known of a run that has started no lab is empty.
HistoryHost host_of(const std::string& name, const std::map<std::string, std::string>& host) {
  return {name, value_of(host, "accel"), value_of(host, "qemu"), value_of(host, "kernel")};
}

// Whose labs are on other hosts.
bool has_several_hosts(const RunResult& run) {
  return run.host.count("hosts") != 0;
}

std::string recorded_word(const CaseResult& result) {
  return result.recorded ? std::string(to_string(*result.recorded)) : std::string();
}

// The attempts before the last one broke: none of them was judged.
void add_rows(const NightQuestion& question, const HistoryHost& host, const NightPart& part, const PartRun& run,
              const CaseResult& result, std::vector<HistoryRow>& rows) {
  HistoryRow row{.night = question.night.id, .part = part.name, .case_id = result.id};
  row.host = host;
  row.offlab = value_of(run.run->host, "offlab");
  row.image = images_of(*run.run, result.lab);
  row.file_digest = part.file_digest;
  row.case_digest = result.digest;
  for (unsigned attempt = 1; attempt < result.attempts; ++attempt) {
    row.attempt = attempt;
    row.last = false;
    row.recorded = to_string(Recorded::broken);
    rows.push_back(row);
  }
  row.attempt = result.attempts;
  row.last = true;
  row.outcome = result.outcome;
  row.fault_class = result.fault_class;
  row.recorded = recorded_word(result);
  row.reason = result.reason;
  if (result.measured) row.goodput_bps = result.measured->goodput_bps;
  if (result.control) row.control_bps = result.control->goodput_bps;
  row.seconds = result.seconds;
  row.folder = run.folder + "/" + result.folder;
  rows.push_back(std::move(row));
}

class Night {
 public:
  Night(const NightQuestion& question, NightLabs& labs, RunHistory& history, NightListener& listener)
      : question_(question), labs_(labs), history_(history), listener_(listener) {
    report_.campaign = question.night.campaign;
    report_.night = question.night.id;
    report_.started = question.night.started;
    report_.deadline_seconds = question.deadline_seconds;
    for (HistoryRow& row : history.rows())
      if (row.night != question.night.id) earlier_.push_back(std::move(row));
  }

  NightReport run() {
    try {
      for (std::size_t i = 0; i < question_.parts.size(); ++i) {
        listener_.on_part(question_.parts[i].name, i + 1, question_.parts.size());
        run_part(question_.parts[i]);
      }
      check_quarantine();
      explain_fresh_failures();
      watch_levels();
    } catch (const Interrupted&) {
      report_.interrupted = true;
    }
    report_.seconds = labs_.spent_seconds();
    report_.outcome = outcome();
    return std::move(report_);
  }

 private:
  std::optional<double> seconds_left() const {
    if (!question_.deadline_seconds) return std::nullopt;
    return std::max(0.0, *question_.deadline_seconds - labs_.spent_seconds());
  }
  bool has_time() const { return seconds_left().value_or(1) > 0; }

  void run_part(const NightPart& part) {
    const PartRun run = labs_.run(part, seconds_left(), earlier_);
    report_.parts.push_back({part.name, run.folder, run.trouble});
    if (run.run) {
      note_host(*run.run);
      std::vector<HistoryRow> rows;
      for (const CaseResult& result : run.run->cases)
        if (result.recorded) add_rows(question_, host_of_case(part, *run.run, result), part, run, result, rows);
      history_.add(rows);
      for (const CaseResult& result : run.run->cases) add_case(part, run, result, rows);
      tonight_.insert(tonight_.end(), rows.begin(), rows.end());
    }
    if (run.interrupted) throw Interrupted();
  }

  // A part that has started no lab does not know what the night ran on; then it is as another part or night says.
  void note_host(const RunResult& run) {
    HistoryHost host = host_of(has_several_hosts(run) ? value_of(run.host, "hosts") : question_.host, run.host);
    if (host.qemu.empty() && !report_.host.qemu.empty()) return;
    if (host.qemu.empty())
      for (const HistoryRow& row : earlier_)
        if (row.host.name == question_.host) host = row.host;
    report_.host = std::move(host);
  }

  // Of several hosts, the one whose lab it was; of a case that had none tonight, the one that it had the last time.
  HistoryHost host_of_case(const NightPart& part, const RunResult& run, const CaseResult& result) const {
    for (const LabHost& one : run.labs)
      if (one.lab == result.lab && one.host.count("host") != 0) return host_of(one.host.at("host"), one.host);
    HistoryHost host = report_.host;
    if (has_several_hosts(run))
      for (const HistoryRow& row : earlier_)
        if (row.part == part.name && row.case_id == result.id) host = row.host;
    return host;
  }

  void add_case(const NightPart& part, const PartRun& run, const CaseResult& result,
                const std::vector<HistoryRow>& rows) {
    NightCaseReport one{.part = part.name, .result = result, .folder = run.folder};
    one.host = host_of_case(part, *run.run, result);
    HistoryRow row{.night = question_.night.id,
                   .part = part.name,
                   .case_id = result.id,
                   .host = one.host,
                   .file_digest = part.file_digest,
                   .outcome = result.outcome,
                   .fault_class = result.fault_class};
    for (const HistoryRow& written : rows)
      if (written.last && written.case_id == result.id) row = written;
    const bool experimental = std::any_of(part.cases.begin(), part.cases.end(), [&](const NightCase& known) {
      return known.id == result.id && known.experimental;
    });
    StandingOf standing = standing_of(row, experimental, earlier_, question_.quarantine, question_.today);
    one.standing = standing.standing;
    one.note = std::move(standing.note);
    one.fresh = result.outcome == Outcome::fail && passed_last(row, earlier_);
    report_.cases.push_back(std::move(one));
  }

  // Of all nights, this one last.
  std::vector<HistoryRow> all_rows() const {
    std::vector<HistoryRow> all = earlier_;
    all.insert(all.end(), tonight_.begin(), tonight_.end());
    return all;
  }

  void check_quarantine() {
    report_.notes = quarantine_mistakes(question_.quarantine, report_.cases.size(), question_.today);
    for (const QuarantineEntry& entry : question_.quarantine)
      if (std::none_of(report_.cases.begin(), report_.cases.end(), [&](const NightCaseReport& one) {
            return one.part == entry.part && one.result.id == entry.case_id;
          }))
        report_.notes.push_back(
            fmt::format("quarantine: the campaign has no case '{}' in a part '{}'", entry.case_id, entry.part));
    const std::vector<HistoryRow> all = all_rows();
    for (const NightCaseReport& one : report_.cases) {
      const FlakeRate rate = flake_rate(all, one.host, one.part, one.result.id);
      if (rate.flakes > 1 && rate.rate.low > too_flaky)
        report_.notes.push_back(fmt::format(
            "{} {}: {} of {} attempts had another class with the same inputs ({:.1f} to {:.1f} %)", one.part,
            one.result.id, rate.flakes, rate.attempts, 100 * rate.rate.low, 100 * rate.rate.high));
    }
  }

  const NightPart& part_named(const std::string& name) const {
    return *std::find_if(question_.parts.begin(), question_.parts.end(),
                         [&](const NightPart& part) { return part.name == name; });
  }

  void explain_fresh_failures() {
    std::size_t number = 0;
    for (NightCaseReport& one : report_.cases) {
      if (!one.fresh || one.standing == Standing::experimental) continue;
      ++number;
      if (!has_time()) {
        one.cause = "the night was too short to repeat it";
        continue;
      }
      listener_.on_step(fmt::format("{} {}: it passed the last time; repeating it", one.part, one.result.id));
      one.repeats = repeat(one, number);
      one.cause = cause_of(*one.repeats);
      listener_.on_step(fmt::format("{} {}: {}", one.part, one.result.id, one.cause));
    }
  }

  // As of the last night in which it passed.
  LastGood last_good(const NightCaseReport& one) const {
    LastGood good;
    for (const HistoryRow& row : earlier_)
      if (is_of(row, one) && row.host.name == one.host.name && row.outcome == Outcome::pass)
        good = {row.image, row.offlab};
    return good;
  }

  LastGood inputs_of_tonight(const NightCaseReport& one) const {
    LastGood inputs;
    for (const HistoryRow& row : tonight_)
      if (is_of(row, one)) inputs = {row.image, row.offlab};
    return inputs;
  }

  static bool is_of(const HistoryRow& row, const NightCaseReport& one) {
    return row.last && row.part == one.part && row.case_id == one.result.id;
  }

  Repeats repeat(const NightCaseReport& one, std::size_t number) {
    const CaseToRepeat asked{part_named(one.part), one.result.id, one.host.name};
    const LastGood good = last_good(one);
    const LastGood now = inputs_of_tonight(one);
    const auto name = [&](const char* with) { return fmt::format("repeats/{:02}-{}", number, with); };
    Repeats repeats;
    repeats.again = carry_out([&] { return labs_.again(asked, 1, name("again")).at(0); });
    const Unlike image = unlike(good.image, now.image);
    const Unlike offlab = unlike(good.offlab, now.offlab);
    // The image of tonight stays where only the program is another one.
    const auto with = [&](bool other_image, bool other_offlab, const char* what) {
      for (const auto& [other, how] : {std::pair(other_image, image), std::pair(other_offlab, offlab)}) {
        if (other && how == Unlike::not_known) return Repeat{.why_not = "it is not known what was good"};
        if (other && how == Unlike::no) return Repeat{.why_not = image == offlab ? same_as_tonight : one_is_same};
      }
      return carry_out([&] {
        return labs_.again_with(
            asked, {other_image ? good.image : now.image, other_offlab ? good.offlab : std::string()}, name(what));
      });
    };
    repeats.last_good_image = with(true, false, "last-good-image");
    repeats.last_good_offlab = with(false, true, "last-good-offlab");
    repeats.last_good_both = with(true, true, "last-good-both");
    return repeats;
  }

  enum class Unlike { no, yes, not_known };
  static Unlike unlike(const std::string& good, const std::string& now) {
    if (good.empty() || now.empty()) return Unlike::not_known;
    return good == now ? Unlike::no : Unlike::yes;
  }

  template <typename Run>
  Repeat carry_out(Run run) {
    if (!has_time()) return {.why_not = "the night was too short"};
    try {
      const CaseResult result = run();
      Repeat repeat{.folder = result.folder};
      if (result.outcome == Outcome::pass || result.outcome == Outcome::fail)
        repeat.fails = result.outcome == Outcome::fail;
      else
        repeat.why_not = result.reason;
      if (result.fault_class) repeat.fault_class = to_string(*result.fault_class);
      return repeat;
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      return {.why_not = error.what()};
    }
  }

  void watch_levels() {
    const std::vector<HistoryRow> all = all_rows();
    const std::vector<Alarm> known = history_.alarms();
    const std::vector<Acknowledgement> acknowledged = history_.acknowledgements();
    for (const Series& series : series_of(all)) {
      if (series.nights.back() != question_.night.id) continue;
      for (const Alarm& alarm : known)
        if (is_of(alarm, series) && alarm.answer == to_string(GateAnswer::worse) && is_open(series, alarm) &&
            !is_acknowledged(series, index_of(series, alarm.since), alarm.change, known, acknowledged))
          report_.alarms.push_back(alarm);
      for (const ChangePoint& change : alarming_changes(series.ratios))
        if (!is_acknowledged(series, change.index, change.after - change.before, known, acknowledged))
          look_at(series, change, known);
    }
  }

  static bool is_of(const Alarm& alarm, const Series& series) {
    return alarm.host == series.host && alarm.part == series.part && alarm.case_id == series.case_id;
  }

  // One that is answered is not measured again.
  void look_at(const Series& series, const ChangePoint& change, const std::vector<Alarm>& known) {
    Alarm alarm = alarm_of(series, change, known);
    const bool is_answered = alarm.answer == to_string(GateAnswer::worse) ||
                             alarm.answer == to_string(GateAnswer::not_worse) ||
                             (alarm.change > 0 && alarm.night != question_.night.id);
    if (is_answered || !is_open(series, alarm)) return;
    if (alarm.change < 0) alarm.answer = confirm(series, change, ++measured_again_);
    history_.add(alarm);
    if (alarm.answer != to_string(GateAnswer::not_worse)) report_.alarms.push_back(std::move(alarm));
  }

  // Of the night in the series, or behind its end.
  static std::size_t index_of(const Series& series, const std::string& night) {
    const auto found = std::find(series.nights.begin(), series.nights.end(), night);
    return static_cast<std::size_t>(found - series.nights.begin());
  }

  static bool is_near(const Series& series, std::size_t index, const std::string& night) {
    const std::size_t other = index_of(series, night);
    return other < series.nights.size() && (other > index ? other - index : index - other) <= nights_apart;
  }

  // Changes of one level: in the same direction, and about as large.
  static bool are_alike(double one, double other) {
    return (one < 0) == (other < 0) && std::abs(one) < 2 * std::abs(other) && std::abs(other) < 2 * std::abs(one);
  }

  static bool is_acknowledged(const Series& series, std::size_t index, double change, const std::vector<Alarm>& known,
                              const std::vector<Acknowledgement>& acknowledged) {
    return std::any_of(known.begin(), known.end(), [&](const Alarm& alarm) {
      return is_of(alarm, series) && are_alike(alarm.change, change) && is_near(series, index, alarm.since) &&
             std::any_of(acknowledged.begin(), acknowledged.end(), [&](const Acknowledgement& one) {
               return one.part == alarm.part && one.case_id == alarm.case_id && one.night == alarm.since;
             });
    });
  }

  // The one that is known, where it was seen in an earlier night.
  Alarm alarm_of(const Series& series, const ChangePoint& change, const std::vector<Alarm>& known) const {
    const double size = change.after - change.before;
    for (const Alarm& one : known)
      if (is_of(one, series) && are_alike(one.change, size) && is_near(series, change.index, one.since)) return one;
    return {.night = question_.night.id,
            .part = series.part,
            .case_id = series.case_id,
            .host = series.host,
            .since = series.nights[change.index],
            .before = change.before,
            .change = size,
            .p_value = change.p_value};
  }

  // The last nights are nearer to the new level than to the one before.
  static bool is_open(const Series& series, const Alarm& alarm) {
    const std::size_t index = index_of(series, alarm.since);
    const std::size_t nights = series.ratios.size();
    if (index >= nights) return false;
    const double now = mean_of(series.ratios, std::max(index, nights - std::min(nights, nights_apart)), nights);
    return std::abs(now - alarm.before) > std::abs(now - alarm.before - alarm.change);
  }

  static double mean_of(const std::vector<double>& values, std::size_t begin, std::size_t end) {
    double sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += values[i];
    return sum / static_cast<double>(end - begin);
  }

  std::string confirm(const Series& series, const ChangePoint& change, std::size_t number) {
    listener_.on_step(fmt::format("{} {}: {:+.1f} % since {}; measuring it again", series.part, series.case_id,
                                  100 * std::expm1(change.after - change.before), series.nights[change.index]));
    ChangeConfirmation confirmation(series.ratios, change);
    try {
      while (confirmation.wants_more() && has_time()) {
        for (const CaseResult& result :
             labs_.again({part_named(series.part), series.case_id, series.host.name}, ChangeConfirmation::at_once,
                         fmt::format("alarms/{:02}-{:02}", number, confirmation.measured())))
          confirmation.add(result);
      }
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      listener_.on_step(error.what());
    }
    if (confirmation.measured() == 0) return "";
    const std::string answer(to_string(confirmation.answer()));
    listener_.on_step(
        fmt::format("{} {}: {}, after {} measurements", series.part, series.case_id, answer, confirmation.measured()));
    return answer;
  }

  Outcome outcome() const {
    if (report_.interrupted) return Outcome::error;
    std::vector<Outcome> outcomes;
    for (const NightPartReport& part : report_.parts)
      if (!part.trouble.empty()) outcomes.push_back(Outcome::error);
    for (const NightCaseReport& one : report_.cases)
      if (one.standing == Standing::gates) outcomes.push_back(one.result.outcome);
    for (const Alarm& alarm : report_.alarms)
      if (alarm.answer == to_string(GateAnswer::worse)) outcomes.push_back(Outcome::fail);
    // A night in which nothing counts yet is no failure; one in which nothing was run says nothing.
    const bool any_run = std::any_of(report_.cases.begin(), report_.cases.end(), [](const NightCaseReport& one) {
      return one.result.recorded && one.result.recorded != Recorded::left_out;
    });
    if (outcomes.empty()) return any_run ? Outcome::pass : Outcome::inconclusive;
    return combine(outcomes);
  }

  const NightQuestion& question_;
  NightLabs& labs_;
  RunHistory& history_;
  NightListener& listener_;
  NightReport report_;
  std::vector<HistoryRow> earlier_;
  std::vector<HistoryRow> tonight_;
  std::size_t measured_again_ = 0;  // changes
};

}  // namespace

std::string cause_of(const Repeats& repeats) {
  const auto passes = [](const Repeat& one) { return one.fails == false; };
  const auto fails = [](const Repeat& one) { return one.fails == true; };
  if (passes(repeats.again)) return "sporadic: the same case passed when it was run again";
  if (!fails(repeats.again)) return "not known: it could not be run again (" + repeats.again.why_not + ")";
  if (passes(repeats.last_good_image) && passes(repeats.last_good_offlab))
    return "not known: it passes with the last good image and with the last good offlab; it may come and go";
  if (passes(repeats.last_good_image)) return "product: it fails again, and passes with the last good image";
  if (passes(repeats.last_good_offlab)) return "test: it fails again, and passes with the last good offlab";
  if (passes(repeats.last_good_both))
    return "product and test: it passes only with the last good image and the last good offlab together";
  const auto is_same = [](const Repeat& one) { return one.why_not == same_as_tonight || one.why_not == one_is_same; };
  if (fails(repeats.last_good_both) || (fails(repeats.last_good_image) && is_same(repeats.last_good_offlab)) ||
      (fails(repeats.last_good_offlab) && is_same(repeats.last_good_image)))
    return "environment: it fails with what was good as well, so the host has changed";
  if (repeats.last_good_both.why_not == same_as_tonight)
    return "environment: it fails again, and image and offlab are those with which it passed";
  return "not known: it fails again, and nothing that was good could be run";
}

NightReport run_night(const NightQuestion& question, NightLabs& labs, RunHistory& history, NightListener& listener) {
  history.begin(question.night);
  return Night(question, labs, history, listener).run();
}

}  // namespace offlab
