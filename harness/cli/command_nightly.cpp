#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "history/sqlite_history.h"
#include "report/night_page.h"
#include "session/paths.h"

namespace offlab {
namespace {

class TerminalNight : public NightListener {
 public:
  explicit TerminalNight(Terminal& terminal) : terminal_(terminal) {}
  void on_part(const std::string& name, std::size_t number, std::size_t parts) override {
    terminal_.interim(clean_format("\n== {} (part {} of {})\n", name, number, parts));
  }
  void on_step(const std::string& line) override { terminal_.interim(clean_format("{}\n", line)); }

 private:
  Terminal& terminal_;
};

}  // namespace

int nightly_command(const NightCommandOptions& all) {
  const NightOptions& options = all.night;
  if (options.campaign.empty() == options.resume.empty())
    throw UsageError("error: name a campaign file, or the folder of a night with --resume, and not both\n");
  const auto night = prepare_night(options);
  Terminal terminal(all.display);
  TerminalListener runs(terminal, true);
  TerminalNight listener(terminal);
  const NightSession session = run_night_session(*night, runs, listener);
  terminal.text(night_page(session.report, session.folder.string()));
  terminal.text(clean_format("history: {}{}\n", session.history.string(),
                             session.history_is_new ? " (new: this is its first night)" : ""));
  if (session.report.interrupted)
    terminal.text(clean_format("go on with: offlab nightly --resume {}\n", session.folder.string()));
  return night_exit_code(session.report);
}

int history_command(const HistoryOptions& options) {
  const auto history = open_existing_history(options.file);
  const auto rows = history->rows();
  if (!options.chart.empty() &&
      std::none_of(rows.begin(), rows.end(), [&](const HistoryRow& row) { return row.case_id == options.chart; }))
    throw UsageError(
        fmt::format("error: --chart {}: the history has no case of this id\n  remedy: `offlab history` "
                    "lists part and case: name the case\n",
                    options.chart));
  Terminal terminal;
  terminal.text(options.chart.empty()
                    ? history_table(rows, history->alarms(), history->acknowledgements(), options.only)
                    : history_chart(rows, history->alarms(), options.chart));
  return 0;
}

int ack_command(const AckOptions& options) {
  const auto history = open_existing_history(options.file);
  bool any = false;
  for (const Alarm& alarm : history->alarms()) {
    if (alarm.case_id != options.case_id || (!options.part.empty() && alarm.part != options.part)) continue;
    if (!options.since.empty() && alarm.since != options.since) continue;
    const std::vector<Acknowledgement> known = history->acknowledgements();
    if (std::any_of(known.begin(), known.end(), [&](const Acknowledgement& one) {
          return one.part == alarm.part && one.case_id == alarm.case_id && one.night == alarm.since;
        }))
      continue;
    history->add(Acknowledgement{alarm.part, alarm.case_id, alarm.since, options.reason, utc_now()});
    Terminal().text(clean_format("{} {}: the change of {:+.1f} % since {} is known: {}\n", alarm.part, alarm.case_id,
                                 100 * std::expm1(alarm.change), alarm.since, options.reason));
    any = true;
  }
  if (!any)
    throw UsageError(
        fmt::format("error: the history has no change of '{}' that is not acknowledged already\n  remedy: `offlab "
                    "history` lists the changes that were seen\n",
                    options.case_id));
  return 0;
}

}  // namespace offlab
