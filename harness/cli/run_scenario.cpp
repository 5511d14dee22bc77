#include "cli/run_scenario.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/usage_error.h"
#include "cli/existing_run.h"
#include "config/parse_libvirt_uri.h"
#include "plan/make_plan.h"
#include "plan/shard.h"
#include "session/host_pool.h"
#include "session/own_labs.h"
#include "session/slurm_pool.h"
#include "staying/lab_of_run.h"

namespace offlab {
namespace {

std::optional<ShardRecord> shard_named(const std::string& text, std::size_t cases) {
  if (text.empty()) return std::nullopt;
  const auto shard = parse_shard(text);
  if (!shard) throw UsageError(fmt::format("error: --shard {} is not I/N (example: 2/4)\n", text));
  return ShardRecord{shard->number, shard->of, cases};
}

RunPlan part_of(RunPlan plan, const ShardRecord& shard) {
  plan = shard_of(std::move(plan), {shard.number, shard.of});
  if (plan.labs.empty())
    throw UsageError(fmt::format("error: --shard {}/{}: there are fewer cases than shards\n", shard.number, shard.of));
  return plan;
}

std::unique_ptr<RunPlaceFinder> labs_of(const RunChoices& options) {
  if (options.executor != "slurm" && (!options.partition.empty() || !options.sbatch.empty()))
    throw UsageError("error: --partition and --sbatch are for --executor slurm\n");
  if (options.executor == "slurm")
    return slurm_pool({.partition = options.partition,
                       .sbatch = options.sbatch,
                       .jobs = options.jobs,
                       .accelerator = options.accelerator,
                       .cold = options.cold,
                       .image_digests = options.image_digests,
                       .retries = options.retries});
  if (!options.hosts.empty())
    return host_pool(
        {.file = options.hosts, .tags = options.tags, .cold = options.cold, .image_digests = options.image_digests});
  if (!options.connect.empty())
    if (const LibvirtUri uri = as_usage([&] { return parse_libvirt_uri(options.connect); }); uri.host) {
      PoolHost host = *uri.host;
      host.accelerator = options.accelerator;
      return host_pool({.file = {}, .host = host, .cold = options.cold, .image_digests = options.image_digests});
    }
  return own_labs({.accelerator = options.accelerator,
                   .cold = options.cold,
                   .jobs = options.jobs,
                   .image_digests = options.image_digests,
                   .hosted = !options.connect.empty()});
}

}  // namespace

SessionResult resume_run(const RunChoices& options, Terminal& terminal, bool show_cases) {
  const RunPlan plan = as_usage([&] { return RunFolder::open(options.resume).read_plan(); });
  const bool exist =
      std::any_of(plan.labs.begin(), plan.labs.end(), [](const LabPlan& lab) { return is_existing(lab); });
  if (exist) agree_to_existing(plan, options);
  TerminalQuestions questions;
  const auto place = exist ? place_of_existing(questions) : labs_of(options);
  TerminalListener listener(terminal, show_cases);
  SessionResult result = resume_session({.out = options.resume, .retries = options.retries}, *place, listener);
  if (exist) terminal.warn(not_given_back(result.folder));
  return result;
}

SessionResult run_scenario(const LoadedScenario& loaded, Question question, const RunChoices& options,
                           Terminal& terminal, bool show_cases) {
  const bool exist = is_existing(loaded.scenario.topology);
  TerminalQuestions questions;
  const auto place = exist                 ? place_of_existing(questions)
                     : options.lab.empty() ? labs_of(options)
                                           : running_lab(options.lab, loaded.cases);
  const auto shard = shard_named(options.shard, loaded.cases.size());
  RunPlan plan = make_plan(loaded.scenario, loaded.cases, question, place->observable());
  if (shard) plan = part_of(std::move(plan), *shard);
  if (exist) {
    if (const auto missing = missing_files(loaded); !missing.empty())
      throw UsageError(clean_format("error: {}\n", missing.front()));
    agree_to_existing(plan, options);
  }
  TerminalListener listener(terminal, show_cases);
  SessionResult result = run_session(
      plan, loaded.files,
      {options.out, options.retries, loaded.budget_seconds, parse_outcome(options.until), loaded.last, shard}, *place,
      listener);
  if (exist) terminal.warn(not_given_back(result.folder));
  return result;
}

}  // namespace offlab
