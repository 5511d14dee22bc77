#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include "base/host_name.h"
#include "base/usage_error.h"
#include "cli/commands.h"
#include "process/subprocess.h"
#include "record/inspect_json.h"
#include "report/inspect_page.h"
#include "session/named_files.h"
#include "session/ssh_command.h"
#include "survey/domain_xml.h"
#include "survey/forwarding_paths.h"
#include "survey/risks.h"
#include "survey/survey_reader.h"
#include "survey/survey_script.h"
#include "survey/survey_topology.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds longest_look{30};

// "user@machine" as ssh takes it.
std::string ask_over_ssh(const std::string& machine, const InspectOptions& options) {
  PoolHost host{.name = machine, .address = machine};
  if (options.port != 0) host.port = options.port;
  host.jump = options.jump;
  host.ssh_config = options.ssh_config;
  const ProgramResult result = run_program(ssh_shell(host, std::string(survey_script())),
                                           Deadline(fmt::format("looking at {}", machine), longest_look));
  if (result.output.find(survey_end) == std::string::npos)
    throw Error(
        fmt::format("{} did not answer: {}", machine, result.errors.empty() ? "it printed nothing" : result.errors),
        fmt::format("try: ssh {} true; it must not ask for anything", machine));
  return result.output;
}

std::string ask_here() {
  return run_program({"sh", "-c", std::string(survey_script())}, Deadline("looking at this machine", longest_look))
      .output;
}

bool are_files(const std::vector<std::string>& what) {
  return what.size() > 1 || (what.size() == 1 && (fs::exists(what[0]) || what[0].find('/') != std::string::npos));
}

MachineSurvey look_at(const InspectOptions& options) {
  std::vector<SurveyText> texts;
  if (options.here) {
    texts.push_back({"here", ask_here()});
  } else if (are_files(options.what)) {
    for (const std::string& file : options.what)
      texts.push_back({fs::path(file).filename().string(), read_named_file(file)});
  } else if (!options.what.empty()) {
    texts.push_back({options.what[0], ask_over_ssh(options.what[0], options)});
  }
  MachineSurvey survey;
  if (!texts.empty()) survey = as_usage([&] { return read_survey(texts); });
  if (!options.libvirt.empty())
    as_usage([&] {
      add_domain(survey, read_named_file(options.libvirt));
      return 0;
    });
  return survey;
}

std::string name_of(const InspectOptions& options) {
  if (options.here) return host_name();
  if (!options.what.empty())
    return are_files(options.what) ? fs::path(options.what[0]).filename().string() : options.what[0];
  return fs::path(options.libvirt).filename().string();
}

void write_topology(const MachineSurvey& survey, const InspectOptions& options) {
  const std::string text = as_usage([&] { return topology_of(survey, name_of(options)); });
  if (fs::exists(options.topology))
    throw UsageError(fmt::format("error: {} exists; offlab does not overwrite it\n", options.topology));
  std::ofstream(options.topology) << text;
  if (!fs::exists(options.topology)) throw UsageError(fmt::format("error: {} cannot be written\n", options.topology));
}

}  // namespace

int inspect_command(const InspectOptions& options) {
  if (options.script) {
    fmt::print("{}", survey_script());
    return 0;
  }
  if (options.what.empty() && options.libvirt.empty() && !options.here)
    throw UsageError("error: name a machine (USER@HOST), files, --libvirt DOMAIN.xml or --here\n");
  const MachineSurvey survey = look_at(options);
  std::vector<std::string> nics;
  for (const ForwardingNic& one : forwarding_paths(survey).nics) nics.push_back(one.nic->name);
  const std::vector<RiskRow> rows = risks_of(survey);
  if (!options.topology.empty()) write_topology(survey, options);
  Terminal terminal;
  terminal.text(options.json ? inspect_json(name_of(options), survey, nics, rows)
                             : inspect_page(name_of(options), survey, nics, rows));
  if (!options.topology.empty() && !options.json)
    terminal.text(fmt::format("the same shape in a lab: offlab run {}\n", options.topology));
  return exit_code(worst(rows));
}

}  // namespace offlab
