#include "library/asked_run.h"

#include <atomic>
#include <ctime>
#include <filesystem>

#include <fmt/chrono.h>
#include <unistd.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "library/offlab_program.h"
#include "library/scratch_file.h"

namespace offlab {
namespace library {

namespace fs = std::filesystem;

std::string new_run_folder(const Options& options, const std::string& name) {
  static std::atomic<unsigned> number = 0;
  return fs::path(options.runs) /
         fmt::format("{:%Y%m%d-%H%M%S}-{}-{}-{}", fmt::gmtime(std::time(nullptr)), name, getpid(), ++number);
}

std::string name_in_folders(const Topology& topology) {
  return topology.name.empty() ? "library" : topology.name;
}

std::string exactly(const std::string& id) {
  std::string pattern;
  for (const char c : id) {
    if (std::string_view("*?[\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

RunResult asked_run(const Options& options, Question question, const std::string& name,
                    std::vector<std::string> arguments) {
  const std::string folder = new_run_folder(options, name);
  arguments.insert(arguments.begin(), question == Question::healthy ? "run" : "verify");
  arguments.insert(arguments.end(), {"--extend-anywhere", "--out", folder});
  if (options.cold) arguments.emplace_back("--cold");
  arguments.insert(arguments.end(), options.more.begin(), options.more.end());
  const Answer answer = ask_program(options, arguments);
  if (answer.status == usage_status || !fs::exists(fs::path(folder) / "run.json")) fail_with(answer);
  return read_run(folder);
}

}  // namespace library

inline namespace v0 {

using library::Answer;
using library::ask_program;
using library::ScratchFile;

Topology Topology::load(const std::string& file, const Options& options) {
  const Answer answer = ask_program(options, {"validate", file});
  if (answer.status != 0) library::fail_with(answer);
  Topology topology;
  topology.file = std::filesystem::absolute(file);
  return topology;
}

Topology Topology::shipped(const std::string& name, const Options& options) {
  return load(library::shipped_topologies(library::find_program(options)) / (name + ".toml"), options);
}

RunResult run(const Topology& topology, const Options& options, Question question) {
  ScratchFile file;
  file.write(topology);
  return library::asked_run(options, question, library::name_in_folders(topology),
                            {file.name(), "--accel", options.accelerator});
}

std::vector<Case> cases_of(const Topology& topology, const Options& options) {
  ScratchFile file;
  file.write(topology);
  const Answer answer = ask_program(options, {"plan", file.name(), "--json", "--extend-anywhere"});
  if (answer.status != 0) library::fail_with(answer);
  std::vector<Case> cases;
  try {
    for (const auto& lab : parse_json(answer.output, "the plan").at("labs"))
      for (const auto& one : lab.at("cases")) {
        cases.push_back({one.at("id").get<std::string>(), {}, one.at("expect").get<std::string>()});
        for (const auto& pair : one.at("axes"))
          cases.back().set.add({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
      }
  } catch (const nlohmann::json::exception& error) {
    throw Failure(fmt::format("the plan is damaged: {}", error.what()), library::error_status);
  } catch (const Error& error) {
    throw Failure(error.what(), library::error_status);
  }
  return cases;
}

}  // namespace v0
}  // namespace offlab
