#include "cli/suite.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/error.h"
#include "base/folder_below.h"
#include "base/usage_error.h"
#include "cli/judged_results.h"
#include "report/console.h"
#include "report/suite.h"
#include "runner/run_matrix.h"
#include "session/paths.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// In the place of a run, in a member's folder.
constexpr const char* mistakes_file = "mistakes.txt";
constexpr const char* error_file = "error.txt";

std::vector<fs::path> sorted(std::vector<fs::path> paths) {
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<fs::path> topology_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file() && entry.path().extension() == ".toml") files.push_back(entry.path());
  if (files.empty())
    throw UsageError(fmt::format("{}: error: no topology file (*.toml) in this folder\n", folder.string()));
  return sorted(std::move(files));
}

void refuse_what_is_for_one_file(const RunOptions& options) {
  const auto refuse = [&](bool given, const char* option) {
    if (given)
      throw UsageError(
          fmt::format("error: {} is for one topology file, and {} is a folder\n", option, options.scenario.file));
  };
  refuse(!options.scenario.cases.empty(), "--case");
  refuse(!options.scenario.axes.empty(), "--axis");
  refuse(!options.scenario.excluded.empty(), "--exclude");
  refuse(!options.scenario.last.empty(), "--last");
  refuse(!options.scenario.budget.empty(), "--budget");
  refuse(!options.session.lab.empty(), "--lab");
  refuse(options.session.keep, "--keep");
  refuse(!options.session.shard.empty(), "--shard");
}

std::string name_of(const fs::path& folder) {
  const fs::path name = (folder / "").parent_path().filename();
  return name.empty() || name == "." || name == ".." ? fs::canonical(folder).filename() : name;
}

SuiteMember without_run(const std::string& name, bool mistaken, const std::string& trouble, const RunFolder& folder,
                        Terminal& terminal) {
  folder.write_text(fmt::format("{}/{}", name, mistaken ? mistakes_file : error_file), trouble);
  terminal.warn(clean_format("{:<12} {}\n", "ERROR", name) + trouble + "\n");
  return {name, std::nullopt, mistaken, trouble};
}

// Runs one file into its folder; `interrupted` when the user wants no more.
SuiteMember verify_member(const fs::path& file, const RunOptions& options, const RunFolder& suite, Terminal& terminal,
                          bool& interrupted) {
  const std::string name = file.stem();
  ScenarioOptions scenario = options.scenario;
  scenario.file = file;
  RunChoices session = options.session;
  session.out = suite.path() / name;
  try {
    const SessionResult result = run_scenario(load_scenario(scenario), Question::as_expected, session, terminal, true);
    interrupted = result.interrupted;
    return {name, result.run, false, ""};
  } catch (const UsageError& error) {
    return without_run(name, true, error.what(), suite, terminal);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    const std::string remedy = error.remedy().empty() ? "" : "\n  remedy: " + error.remedy();
    return without_run(name, false, error.what() + remedy, suite, terminal);
  }
}

// Reports go into `named` when there is one, otherwise into the suite's folder, which has the evidence either way.
int report(const std::string& name, const std::vector<SuiteMember>& members, const RunFolder& folder,
           const std::optional<RunFolder>& named, const AskedFormats& formats, Terminal& terminal, bool interrupted) {
  const RunResult suite = suite_result(name, members);
  keep_reports(suite, folder, named, terminal, "suite");
  terminal.text(console_suite(suite, folder.path().string()));
  formats.write(suite, folder.path(), terminal);
  const int status = interrupted ? interrupted_status : suite_exit_code(members);
  terminal.ended({.outcome = suite.outcome, .exit_status = status, .interrupted = interrupted, .folder = folder.path()},
                 &suite);
  return status;
}

SuiteMember judge_member(const fs::path& folder, const std::optional<RunFolder>& out, bool verbose,
                         Terminal& terminal) {
  const std::string name = folder.filename();
  const RunFolder member(folder);
  try {
    for (const char* file : {mistakes_file, error_file})
      if (member.has(file)) return {name, std::nullopt, file == mistakes_file, member.read_text(file)};
    const RunPlan plan = member.read_plan();
    const RunResult run = judge_run(plan, member);
    std::optional<RunFolder> own;
    if (out) own = RunFolder(out->make_folder(name));
    keep_results(run, plan, member, own, terminal);
    for (const CaseResult& one : run.cases) terminal.text(console_case(one, run.question, verbose));
    return {name, run, false, ""};
  } catch (const Error& error) {
    return {name, std::nullopt, false, error.what()};
  }
}

std::vector<fs::path> member_folders(const fs::path& suite) {
  std::vector<fs::path> folders;
  for (const fs::path& folder : folders_in(suite))
    for (const char* file : {"plan.json", mistakes_file, error_file})
      if (kind_of(folder / file) != EntryKind::none) {
        folders.push_back(folder);
        break;
      }
  return sorted(std::move(folders));
}

}  // namespace

int verify_suite(const RunOptions& options) {
  refuse_what_is_for_one_file(options);
  const AskedFormats formats(options.formats);
  formats.refuse_stdout_beside(options.session.display);
  const std::vector<fs::path> files = topology_files(options.scenario.file);
  const std::string name = name_of(options.scenario.file);
  const RunFolder folder = as_usage([&] {
    return RunFolder::create(options.session.out.empty() ? default_run_folder(name) : fs::path(options.session.out));
  });
  Terminal terminal(options.session.display);
  if (formats.takes_stdout()) terminal.text_to_stderr();
  return terminal.whole([&] {
    std::vector<SuiteMember> members;
    bool interrupted = false;
    for (const fs::path& file : files) {
      terminal.file_started(file.stem(), members.size() + 1, files.size());
      members.push_back(verify_member(file, options, folder, terminal, interrupted));
      if (interrupted) break;
    }
    return report(name, members, folder, folder, formats, terminal, interrupted);
  });
}

bool is_suite_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder, ignored) && kind_of(folder / "plan.json") == EntryKind::none &&
         !member_folders(folder).empty();
}

int judge_suite(const JudgeOptions& options, const std::optional<RunFolder>& out, const AskedFormats& formats,
                Terminal& terminal) {
  const fs::path folder = options.folder;
  std::vector<SuiteMember> members;
  for (const fs::path& member : member_folders(folder))
    members.push_back(judge_member(member, out, options.display.verbose, terminal));
  return report(name_of(folder), members, RunFolder(fs::absolute(folder)), out, formats, terminal, false);
}

}  // namespace offlab
