#include "lab/disk_guest.h"

#include <fmt/core.h>

#include "base/error.h"
#include "base/read_file.h"
#include "base/shell_words.h"
#include "family/guest_family.h"
#include "lab/guest_report.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds between_looks{500};

// cloud-init's last stage belongs to it.
constexpr const char* settle_script =
    "command -v systemctl > /dev/null || exit 0; systemctl is-system-running --wait > /dev/null 2>&1; exit 0";

GuestReport report_of(NodeShell& shell, Clock& clock, const NodePlan& node, const std::stop_token& stop) {
  const CommandResult result = shell.run(node.name, family_of(system_of(node)).report_script(),
                                         Deadline("a look at " + node.name, limits::command, clock), stop);
  return parse_guest_report(result.output);
}

[[noreturn]] void refuse(const std::vector<Difference>& all) {
  std::string text;
  for (const Difference& one : all) text += (text.empty() ? "" : "; ") + one.what;
  throw Error(text, all.front().remedy);
}

std::string send_tool(NodeShell& shell, Clock& clock, const std::string& node, const GuestFamily& family,
                      const std::string& file, const std::stop_token& stop) {
  const Deadline deadline(fmt::format("{}: what offlab brings", node), limits::tools, clock);
  const std::string script =
      family.enter_tool_folder() + " && cat > offlab-state && chmod 755 offlab-state && ./offlab-state > /dev/null";
  const CommandResult sent = shell.feed(node, script, read_whole_file(file), deadline, stop);
  return sent.exit_status == 0 ? "" : fmt::format("exit status {}: {}", sent.exit_status, sent.errors);
}

void require_root(NodeShell& shell, Clock& clock, const std::string& node, const std::stop_token& stop) {
  const CommandResult id = shell.run(node, "id -u", Deadline("the user on " + node, limits::command, clock), stop);
  if (id.output != "0\n")
    throw AccessRefused(fmt::format("'{}' lets us in as a user that is not root", node),
                        "become = \"sudo -n\" in the recipe's [login], or another user");
}

// The program, or the script where the program does not run.
void send_tools(NodeShell& shell, Clock& clock, const std::string& node, const GuestFamily& family,
                const GuestTool& tool, Observer& observer, const std::stop_token& stop) {
  const std::string trouble = send_tool(shell, clock, node, family, tool.program, stop);
  if (trouble.empty()) return;
  if (tool.fallback.empty())
    throw Error(fmt::format("offlab's script does not run on {}: {}", node, trouble), "is a file system there full?");
  const std::string worse = send_tool(shell, clock, node, family, tool.fallback, stop);
  if (!worse.empty())
    throw Error(fmt::format("neither offlab-state ({}) nor its shell script ({}) runs on {}", trouble, worse, node),
                "is a file system of the guest full?");
  observer.on(event::Note{fmt::format("{}: counters are read by a shell script: {}", node, trouble)});
}

}  // namespace

void prepare_disk_guest(NodeShell& shell, Clock& clock, const std::string& node, const GuestTool& tool,
                        Observer& observer, const std::stop_token& stop) {
  require_root(shell, clock, node, stop);
  try {
    shell.run(node, settle_script, Deadline("the system of " + node, limits::settle, clock), stop);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    observer.on(event::Note{fmt::format("{} still starts what it starts at boot: {}", node, error.what())});
  }
  send_tools(shell, clock, node, family_of(SystemKind::gnu_linux), tool, observer, stop);
}

void prepare_machine(NodeShell& shell, Clock& clock, const NodePlan& node, const GuestTool& tool, Observer& observer,
                     const std::stop_token& stop) {
  require_root(shell, clock, node.name, stop);
  send_tools(shell, clock, node.name, family_of(system_of(node)), tool, observer, stop);
}

void check_disk_guest(NodeShell& shell, Clock& clock, const NodePlan& node, Observer& observer,
                      const std::stop_token& stop) {
  require_root(shell, clock, node.name, stop);
  const GuestReport report = report_of(shell, clock, node, stop);
  observer.on(event::Note{fmt::format("{} runs {}", node.name, report.system)});
  if (const auto all = missing_in(report, node); !all.empty()) refuse(all);
}

void check_own_configuration(NodeShell& shell, Clock& clock, const NodePlan& node, const std::stop_token& stop) {
  const Deadline deadline("the configuration of " + node.name, limits::own_configuration, clock);
  while (true) {
    const auto all = differences(report_of(shell, clock, node, stop), node);
    if (all.empty()) return;
    if (deadline.passed() || node.existing) refuse(all);
    Deadline("the next look", between_looks, clock).wait(stop);
    if (stop.stop_requested()) throw Interrupted();
  }
}

}  // namespace offlab
