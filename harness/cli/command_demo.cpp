#include <fmt/core.h>

#include "base/clean_format.h"
#include "cli/commands.h"
#include "report/demo.h"
#include "session/paths.h"

namespace offlab {
namespace {

const CaseResult* find_case(const RunResult& run, const std::string& id) {
  for (const CaseResult& one : run.cases)
    if (one.id == id) return &one;
  return nullptr;
}

}  // namespace

int demo_command(const RunChoices& options) {
  Terminal terminal(options.display);
  ScenarioOptions scenario;
  scenario.file = shipped_file("topologies/demo.toml").string();
  terminal.interim(
      "Three virtual machines: client - router (vmxnet3) - server. The server sends to the client through the router, "
      "once\n"
      "with the hypervisor's LRO on the router's NICs, once without.\n");
  const SessionResult session = run_scenario(load_scenario(scenario), Question::as_expected, options, terminal, false);
  if (session.interrupted) return session_exit_code(session);
  const CaseResult* broken = find_case(session.run, "broken");
  const CaseResult* fixed = find_case(session.run, "fixed");
  const DemoReport report = demo_report(*broken, *fixed);
  terminal.text(report.text + clean_format("\nEvidence (captures, counters, logs): {}\n", session.folder.string()));
  if (report.shown) return 0;
  return session.run.outcome == Outcome::pass ? 1 : session_exit_code(session);
}

}  // namespace offlab
