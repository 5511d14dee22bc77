#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/earlier_nights.h"
#include "report/gate_page.h"
#include "session/paths.h"
#include "setting/shaping_text.h"

namespace offlab {
namespace {

// The answer to several cases: worse in any of them, then not known in any.
GateAnswer together(const std::vector<GateAnswer>& answers) {
  for (const GateAnswer worst : {GateAnswer::worse, GateAnswer::undecided})
    if (std::find(answers.begin(), answers.end(), worst) != answers.end()) return worst;
  return GateAnswer::not_worse;
}

GateLimits limits_of(const GateCommandOptions& options) {
  GateLimits limits = options.gate.limits;
  if (options.strict) limits.alpha = 0.01;
  if (options.margin.empty()) return limits;
  const auto share = parse_share(options.margin);
  if (!share || *share <= 0 || *share >= 1)
    throw UsageError(
        fmt::format("error: --margin {} is no share between 0 and 1 (examples: 10%, 0.05)\n", options.margin));
  limits.margin = *share;
  return limits;
}

std::string known_deviation(const std::optional<double>& pair_deviation) {
  if (!pair_deviation) return "history: fewer than twelve nights of this case on this host; it says nothing\n";
  return clean_format("history: from night to night the case varies by {:.1f} %; the interval is made for that\n",
                      100 * *pair_deviation);
}

}  // namespace

int gate_command(const GateCommandOptions& options) {
  GateOptions gate = options.gate;
  gate.limits = limits_of(options);
  gate.reference = options.scenario.reference;
  const LoadedScenario loaded = load_scenario(options.scenario);
  const std::vector<GateCase> cases = gate_cases(loaded, gate);
  const EarlierNights nights(options.history, loaded);
  const RunFolder folder = as_usage([&] {
    return RunFolder::create(gate.out.empty() ? default_run_folder(loaded.scenario.name + "-gate")
                                              : std::filesystem::path(gate.out));
  });
  Terminal terminal(options.display);
  TerminalListener listener(terminal, true);
  std::vector<GateAnswer> answers;
  try {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      if (cases.size() > 1)
        terminal.interim(clean_format("\n== {} (case {} of {})\n", cases[i].plain.id, i + 1, cases.size()));
      gate.limits.pair_deviation = nights.of(cases[i].plain.id).pair_deviation;
      if (nights.are_known()) terminal.interim(known_deviation(gate.limits.pair_deviation));
      const std::filesystem::path where =
          cases.size() == 1 ? folder.path() : folder.make_folder(fmt::format("{:02}", i + 1));
      const GateReport report = run_gate_session(loaded, cases[i], gate, where, listener,
                                                 [&](const std::vector<GatePair>& pairs, const Comparison& goodput) {
                                                   terminal.interim(gate_progress(pairs, goodput));
                                                 });
      terminal.text(gate_page(report, where.string()));
      answers.push_back(report.answer);
    }
  } catch (const Interrupted&) {
    terminal.text(clean_format("interrupted; what was seen is in {}\n", folder.path().string()));
    return interrupted_status;
  }
  return exit_code(together(answers));
}

}  // namespace offlab
