#include "session/slurm_pool.h"

#include <set>

#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/parse_json.h"
#include "base/shell_words.h"
#include "base/usage_error.h"
#include "executor/slurm_tasks.h"
#include "plan/split_labs.h"
#include "process/subprocess.h"
#include "session/accelerator.h"
#include "session/kept_programs.h"
#include "session/paths.h"
#include "session/prepared_host.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* choices_file = "tasks/task.json";

// This program, where the hosts find it.
fs::path shared_program(const fs::path& cache) {
  const fs::path folder = cache / "tasks-programs" / sha256_hex_of_file("/proc/self/exe").substr(0, 16);
  copy_this_program(folder);
  return folder / "offlab";
}

class SlurmPool : public RunPlaceFinder {
 public:
  explicit SlurmPool(SlurmChoices choices) : choices_(std::move(choices)) {}

  Observability observable() const override { return {}; }
  void accept(const RunPlan& plan) override { recipes_ = recipes_of(plan.labs); }
  RunPlan arranged(RunPlan plan) const override { return split_labs(std::move(plan), choices_.jobs); }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    RunPlace place;
    PreparedHost here =
        prepare_host(plan.labs, recipes_, cache_folder(), folder.path(), "tcg", choices_.image_digests, observer, stop);
    place.environment = std::move(here.environment);
    for (const char* of_the_hosts : {"accel", "kernel", "cpus"}) place.environment.host.erase(of_the_hosts);
    place.environment.host["executor"] = "slurm";
    std::set<std::string> digests;
    for (const auto& [key, image] : here.worker_images) digests.insert(image.digest);
    const fs::path program = shared_program(cache_folder());
    folder.make_folder("tasks/done");
    folder.write_text(choices_file, nlohmann::json{{"accelerator", choices_.accelerator},
                                                   {"cold", choices_.cold},
                                                   {"image_digests", fmt::format("{}", fmt::join(digests, " "))},
                                                   {"retries", choices_.retries}}
                                        .dump());
    const fs::path absolute = fs::absolute(folder.path());
    folder.write_text("tasks/task.sh",
                      fmt::format("#!/bin/sh\n# A task of this run: sbatch starts it.\n"
                                  "OFFLAB_CACHE={} exec {} agent --task \"$SLURM_ARRAY_TASK_ID\" {}\n",
                                  shell_quoted(cache_folder()), shell_quoted(program), shell_quoted(absolute)));
    place.tasks = std::make_unique<SlurmTasks>(
        plan, absolute,
        SlurmOptions{.partition = choices_.partition, .sbatch = choices_.sbatch, .at_once = choices_.jobs}, stop);
    return place;
  }

 private:
  SlurmChoices choices_;
  ImageRecipes recipes_;
};

}  // namespace

TaskChoices read_task_choices(const RunFolder& folder) {
  try {
    const auto document = parse_json(folder.read_text(choices_file), choices_file);
    return {document.at("accelerator"), document.at("cold"), document.at("image_digests"), document.at("retries")};
  } catch (const nlohmann::json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", choices_file, error.what()));
  }
}

std::unique_ptr<RunPlaceFinder> slurm_pool(const SlurmChoices& choices) {
  check_accelerator(choices.accelerator);
  try {
    run_program({"sbatch", "--version"}, Deadline("sbatch", std::chrono::seconds(20)));
  } catch (const Error& error) {
    throw UsageError(fmt::format("error: --executor slurm: {}\n", error.what()));
  }
  return std::make_unique<SlurmPool>(choices);
}

}  // namespace offlab
