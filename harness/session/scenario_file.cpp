#include "session/scenario_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

#include <fmt/core.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "config/limits.h"
#include "config/mistakes.h"
#include "config/parse_scenario.h"
#include "record/run_json.h"
#include "session/esxi_host.h"
#include "session/image_recipes.h"
#include "session/named_files.h"
#include "setting/image_name.h"
#include "setting/shaping_text.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const SourceFile& by, const FileMention& mention, const std::string& why,
                         const std::string& remedy) {
  Mistakes mistakes(by.name);
  mistakes.add({mention.position.line, mention.position.column}, why, remedy);
  throw UsageError(render(mistakes.take(), by.text));
}

// A file that may not be named, or cannot be read, is a mistake where it is named.
ReachableFiles::Found read_mentioned(const ReachableFiles& reachable, const SourceFile& by,
                                     const FileMention& mention) {
  try {
    return reachable.read(by.name, mention.path);
  } catch (const Error& error) {
    refuse(by, mention, error.what(), error.remedy());
  }
}

// The file and what it extends; a circle ends at its second round, or at the limit.
std::vector<SourceFile> read_extended_files(const SourceFile& first, const ReachableFiles& reachable) {
  std::vector<SourceFile> files = {first};
  std::set<std::filesystem::path> known = {std::filesystem::canonical(first.name)};
  while (const auto next = extended_file(files.back().text)) {
    if (files.size() > static_cast<std::size_t>(max_extended_files)) break;
    ReachableFiles::Found found = read_mentioned(reachable, files.back(), *next);
    if (!known.insert(found.real).second) break;
    files.push_back({found.name, std::move(found.text)});
  }
  return files;
}

std::optional<double> seconds_option(const std::string& text, const char* name, double low, double high) {
  if (text.empty()) return std::nullopt;
  const auto seconds = parse_duration_seconds(text);
  if (!seconds || *seconds < low || *seconds > high)
    throw UsageError(
        fmt::format("error: {} {} is not a duration from {} s to {} s (examples: 3s, 10m)\n", name, text, low, high));
  return seconds;
}

// Of transfers between existing machines.
void use_limits(const ScenarioOptions& options, MeasureOptions& measure) {
  if (!options.max_rate.empty()) {
    const auto rate = parse_rate(options.max_rate);
    if (!rate)
      throw UsageError(fmt::format("error: --max-rate {} is not a rate (examples: 50mbit, 1gbit)\n", options.max_rate));
    measure.max_rate = *rate;
  }
  if (!options.max_bytes.empty()) {
    const auto bytes = parse_byte_count(options.max_bytes);
    if (!bytes || bytes->bytes < 1'000'000)
      throw UsageError(
          fmt::format("error: --max-bytes {} is not a size from 1 MB (example: 500MB)\n", options.max_bytes));
    measure.max_bytes = *bytes;
  }
  measure.max_seconds = seconds_option(options.max_seconds, "--max-seconds", 1, 3600).value_or(measure.max_seconds);
}

void find_files_of(Topology& topology, const std::string& file) {
  const fs::path beside = fs::path(file).parent_path();
  if (topology.hosts) {
    find_file(topology.hosts->file, beside);
    topology.hosts->change = load_esxi_host(topology.hosts->file).change;
  }
  for (Node& node : topology.nodes) {
    if (node.existing) find_files_of(*node.existing, beside);
    for (Interface& interface : node.interfaces)
      if (interface.capture) find_files_of(interface.capture->host, beside);
  }
}

// A case that says what the hypervisor does is about a hypervisor that somebody switches.
void check_existing(const Case& one) {
  for (const auto& [key, value] : one.axes)
    if (key.ends_with("hypervisor.lro") && is_existing(one.topology) && !one.topology.hosts)
      throw UsageError(
          fmt::format("error: case '{}': nobody switches '{}' of machines that exist\n  remedy: for ESXi: "
                      "host = \"...\" in [hypervisor] (docs/vmware.md)\n",
                      one.id, key));
}

void check_existing(const Topology& topology, const std::string& whose) {
  if (const std::string trouble = trouble_with_existing(topology); !trouble.empty())
    throw UsageError(fmt::format("error: {}{}\n", whose, trouble));
}

AxisOverride axis_option(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw UsageError(fmt::format("error: --axis {} is not KEY=VALUE[,VALUE]\n", text));
  AxisOverride axis{text.substr(0, equals), {}};
  std::istringstream values(text.substr(equals + 1));
  for (std::string value; std::getline(values, value, ',');) axis.values.push_back(value);
  return axis;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> words;
  std::istringstream rest(text);
  for (std::string word; std::getline(rest, word, separator);) words.push_back(word);
  return words;
}

std::optional<Covering> covering_of(const ScenarioOptions& options) {
  if (options.t_way.empty()) return options.pairwise ? std::optional(Covering()) : std::nullopt;
  const auto colon = options.t_way.find(':');
  const bool all = colon == std::string::npos;
  const std::string number = options.t_way.substr(0, colon);
  const auto keys = all ? std::vector<std::string>() : split(options.t_way.substr(colon + 1), ',');
  if (number == "2" && all) return Covering();
  if (number != "3" || (!all && keys.empty()))
    throw UsageError(fmt::format("error: --t-way {} is neither 2 nor 3 nor 3:KEY,KEY,KEY\n", options.t_way));
  return Covering{.all_by_threes = all, .by_threes = keys};
}

RunPlan plan_of(const std::string& run) {
  return as_usage([&] { return RunFolder::open(run).read_plan(); });
}

// The rows of an earlier run, to keep.
std::vector<SettingTexts> rows_of(const std::string& run) {
  std::vector<SettingTexts> rows;
  for (const LabPlan& lab : plan_of(run).labs)
    for (const CasePlan& one : lab.cases) rows.push_back(one.axes);
  return rows;
}

void check_last(const std::string& run, const std::vector<Case>& cases) {
  for (const LabPlan& lab : plan_of(run).labs)
    for (const CasePlan& planned : lab.cases)
      for (const Case& one : cases)
        if (one.id == planned.id) return;
  throw UsageError(fmt::format("error: --last {}: that run has no case of this file\n", run));
}

// What a run that was killed did not get to judge is not known of it.
LastResults results_of(const std::string& run) {
  LastResults last;
  const RunFolder folder = as_usage([&] { return RunFolder::open(run); });
  if (folder.has("run.json"))
    for (const CaseResult& one : run_from_json(folder.read_text("run.json")).cases)
      if (one.recorded != Recorded::left_out)
        last[one.id] = {one.outcome == Outcome::pass || one.outcome == Outcome::skip, one.seconds};
  return last;
}

Selection selection_of(const ScenarioOptions& options) {
  Selection selection;
  selection.globs = options.cases;
  for (const std::string& text : options.axes) selection.axes.push_back(axis_option(text));
  for (const std::string& text : options.excluded)
    if (text.empty()) throw UsageError("error: --exclude is empty\n");
  for (const std::string& text : options.excluded) selection.excluded.push_back(setting_list(text, "--exclude"));
  selection.covering = covering_of(options);
  if (selection.covering && !options.last.empty()) selection.covering->kept = rows_of(options.last);
  return selection;
}

std::string kept_name(std::size_t number) {
  return number == 0 ? "topology.toml" : fmt::format("topology.extended-{}.toml", number);
}

// A node that names its recipe by a path gets the file that is there.
void find_recipes(ParsedScenario& parsed, const std::vector<SourceFile>& files, const ReachableFiles& reachable) {
  for (const auto& [node, mention] : parsed.recipes) {
    const SourceFile& by = files.at(mention.position.file);
    const std::string real = read_mentioned(reachable, by, mention).real;
    if (!parse_image_name(real))
      refuse(by, mention, fmt::format("'{}' leads to {}", mention.path, real),
             "name a recipe whose name ends with .toml");
    find_node(parsed.scenario->topology, node)->image = real;
  }
}

ParsedScenario parse(const std::vector<SourceFile>& files) {
  ParsedScenario parsed = parse_scenario(files);
  if (!parsed.scenario) throw UsageError(render(parsed.diagnostics, files));
  return parsed;
}

std::vector<Case> repeated(const std::vector<Case>& cases, unsigned times) {
  std::vector<Case> all;
  for (const Case& one : cases)
    for (unsigned i = 1; i <= times; ++i) {
      all.push_back(one);
      if (times > 1) all.back().id += fmt::format(",repeat={}", i);
    }
  if (all.size() > max_combinations)
    throw UsageError(fmt::format("error: --repeat {}: more than {} cases\n", times, max_combinations));
  return all;
}

LoadedScenario load(std::vector<SourceFile> files, ParsedScenario parsed, const ScenarioOptions& options) {
  LoadedScenario loaded;
  loaded.files = std::move(files);
  loaded.scenario = std::move(*parsed.scenario);
  MeasureOptions& measure = loaded.scenario.measure;
  measure.duration_seconds =
      seconds_option(options.duration, "--duration", 0.5, 3600).value_or(measure.duration_seconds);
  measure.warmup_seconds = seconds_option(options.warmup, "--warmup", 0, 60).value_or(measure.warmup_seconds);
  use_limits(options, measure);
  measure.reference = measure.reference || options.reference;
  Expanded expanded = expand_matrix(loaded.scenario, selection_of(options));
  if (!expanded.mistakes.empty()) {
    std::string text;
    for (const std::string& mistake : expanded.mistakes) text += fmt::format("{}: error: {}\n", options.file, mistake);
    throw UsageError(text);
  }
  loaded.cases = options.repeat > 1 ? repeated(expanded.cases, options.repeat) : std::move(expanded.cases);
  if (!options.last.empty()) {
    check_last(options.last, loaded.cases);
    loaded.last = results_of(options.last);
  }
  if (!options.known.empty()) loaded.last = options.known;
  loaded.budget_seconds = seconds_option(options.budget, "--budget", 1, 86'400);
  if (!loaded.last.empty() || loaded.budget_seconds) most_telling_first(loaded.cases, loaded.last);
  return loaded;
}

// The same of an image that a case sets: by the rules for what the file names, wherever the setting comes from.
void find_recipes(const Scenario& scenario, std::vector<Case>& cases, const std::string& file,
                  const ReachableFiles& reachable) {
  for (Case& one : cases)
    for (Node& node : one.topology.nodes) {
      if (!ImageName{node.image, {}}.is_path() || node.image == find_node(scenario.topology, node.name)->image)
        continue;
      node.image = as_usage([&] { return reachable.read(file, node.image).real; });
      if (!parse_image_name(node.image))
        throw UsageError(fmt::format("error: {} leads to {}\n  remedy: {}\n", one.id, node.image, image_name_hint));
    }
}

// Nodes whose image is a disk get what its recipe says of it. That a shipped image is not there is told later.
void use_disks(Topology& topology, const std::string& whose) {
  for (Node& node : topology.nodes) {
    if (node.existing) continue;
    const std::optional<DiskImage> disk = disk_of_image(node.image);
    if (!disk) continue;
    if (!node.kernel.empty())
      throw UsageError(fmt::format("error: {}node '{}': the disk of {} has a kernel of its own, '{}' cannot be used\n",
                                   whose, node.name, node.image, node.kernel));
    if (const std::string trouble = use_disk(node, *disk); !trouble.empty())
      throw UsageError(fmt::format("error: {}node '{}', image {}: {}\n", whose, node.name, node.image, trouble));
  }
}

}  // namespace

std::string digest_of(const std::vector<SourceFile>& files) {
  std::string all;
  for (const SourceFile& file : files) all += sha256_hex(file.text);
  return sha256_hex(all);
}

SettingTexts setting_list(const std::string& text, const char* option) {
  SettingTexts settings;
  for (const std::string& word : split(text, ',')) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size())
      throw UsageError(
          fmt::format("error: {} {} is not KEY=VALUE[,KEY=VALUE]: each value needs its key\n", option, text));
    const std::string key = word.substr(0, equals);
    if (std::any_of(settings.begin(), settings.end(), [&](const SettingText& known) { return known.first == key; }))
      throw UsageError(fmt::format("error: {} {} names {} twice\n", option, text, key));
    settings.emplace_back(key, word.substr(equals + 1));
  }
  return settings;
}

LoadedScenario load_scenario(const ScenarioOptions& options) {
  const SourceFile first{options.file, read_named_file(options.file)};
  const ReachableFiles reachable(options.file, options.extend_anywhere);
  std::vector<SourceFile> files = read_extended_files(first, reachable);
  ParsedScenario parsed = parse(files);
  find_recipes(parsed, files, reachable);
  LoadedScenario loaded = load(std::move(files), std::move(parsed), options);
  find_recipes(loaded.scenario, loaded.cases, options.file, reachable);
  find_files_of(loaded.scenario.topology, options.file);
  for (Case& one : loaded.cases) {
    find_files_of(one.topology, options.file);
    check_existing(one.topology, fmt::format("case '{}': ", one.id));
    check_existing(one);
  }
  use_disks(loaded.scenario.topology, "");
  for (Case& one : loaded.cases) use_disks(one.topology, fmt::format("case '{}', ", one.id));
  return loaded;
}

std::vector<std::string> missing_files(const LoadedScenario& loaded) {
  std::vector<std::string> all;
  std::set<std::string> looked;  // many cases have the same machines
  const auto look = [&](const std::string& node, const char* what, const std::string& file) {
    std::string text = fmt::format("'{}': its {} is not there: {}", node, what, file);
    if (!file.empty() && looked.insert(text).second && !fs::exists(file)) all.push_back(std::move(text));
  };
  const auto look_at = [&](const Topology& topology) {
    for (const Node& node : topology.nodes) {
      if (node.disk) look(node.name, "disk", node.disk->file);
      const GuestLogin* login = node.existing ? &node.existing->login : node.disk ? &node.disk->login : nullptr;
      if (login == nullptr) continue;
      look(node.name, "key", login->key_file);
      look(node.name, "file with the password", login->password_file);
      if (node.existing) look(node.name, "known_hosts file", node.existing->known_hosts);
      for (const Interface& interface : node.interfaces)
        if (interface.capture) look(node.name, "key for the capture host", interface.capture->host.login.key_file);
    }
  };
  look_at(loaded.scenario.topology);
  for (const Case& one : loaded.cases) look_at(one.topology);
  return all;
}

void keep_files(const std::vector<SourceFile>& files, const RunFolder& folder) {
  for (std::size_t i = 0; i < files.size(); ++i) folder.write_text(kept_name(i), files[i].text);
}

LoadedScenario load_kept_scenario(const RunFolder& folder, const ScenarioOptions& options) {
  std::vector<SourceFile> files;
  for (std::size_t i = 0; i == 0 || folder.has(kept_name(i)); ++i)
    files.push_back({kept_name(i), folder.read_text(kept_name(i))});
  ParsedScenario parsed = parse(files);
  return load(std::move(files), std::move(parsed), options);
}

}  // namespace offlab
