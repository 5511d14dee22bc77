#include "session/own_labs.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "base/usage_error.h"
#include "executor/lab_process.h"
#include "model/lab_host.h"
#include "plan/lab_memory.h"
#include "plan/lab_places.h"
#include "plan/split_labs.h"
#include "process/processors.h"
#include "session/accelerator.h"
#include "session/paths.h"
#include "session/prepared_host.h"

namespace offlab {
namespace {

constexpr std::size_t labs_in_a_boot = 4;  // one in so many may boot while the others measure

// What the labs of the run need: the largest of them, or all at the same time.
MemoryClaim claim_of(const RunPlan& plan, const RunFolder& folder, bool side_by_side) {
  MemoryClaim claim{fmt::format("run {}", folder.path().filename().string()), {}};
  for (const LabPlan& lab : plan.labs)
    claim.bytes =
        side_by_side ? ByteCount{claim.bytes.bytes + lab_memory(lab).bytes} : std::max(claim.bytes, lab_memory(lab));
  return claim;
}

class OwnLabs : public RunPlaceFinder {
 public:
  explicit OwnLabs(LabChoices choices) : choices_(std::move(choices)) {}

  Observability observable() const override { return {}; }

  void accept(const RunPlan& plan) override {
    recipes_ = recipes_of(plan.labs);
    ByteCount largest{1};
    for (const LabPlan& lab : plan.labs) largest = std::max(largest, lab_memory(lab));
    places_ = choose_places(choices_.jobs, plan, usable_cpus(),
                            labs_that_fit(host_memory(), memory_claims(cache_folder()), largest));
    if (!places_.trouble.empty())
      throw UsageError(fmt::format("error: --jobs {}: {}\n", choices_.jobs, places_.trouble));
  }

  RunPlan arranged(RunPlan plan) const override { return split_labs(std::move(plan), places_.cpus.size()); }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    const std::filesystem::path cache = cache_folder();
    RunPlace place;
    if (places_.cpus.size() > plan.labs.size())  // a run that goes on has its labs as they were
      places_ = choose_places(static_cast<unsigned>(plan.labs.size()), plan, usable_cpus(), plan.labs.size());
    const std::size_t jobs = places_.cpus.size();
    MemoryClaim claim = claim_of(plan, folder, choices_.side_by_side);
    claim.bytes.bytes *= jobs;
    place.memory = std::make_unique<MemoryReservation>(cache, claim, host_memory());
    PreparedHost host = prepare_host(plan.labs, recipes_, cache, folder.path(), choices_.accelerator,
                                     choices_.image_digests, observer, stop);
    place.environment = std::move(host.environment);
    if (!choices_.host.empty())
      for (auto& [name, environment] : host.labs) environment.host["host"] = choices_.host;
    if (choices_.hosted)
      for (auto& [name, environment] : host.labs) environment.host["connect"] = system_libvirt;
    LabProcessOptions options{.run_folder = folder.path(),
                              .cache_folder = cache,
                              .accelerator = host.accelerator,
                              .images = std::move(host.worker_images),
                              .environments = std::move(host.labs),
                              .cold = choices_.cold,
                              .isolation = choices_.hosted ? Isolation::hosted : Isolation::lab,
                              .owner = "run " + folder.path().filename().string()};
    if (jobs > 1) {
      tell_places(observer);
      place.environment.host["jobs"] = std::to_string(jobs);
      options.boots = std::make_shared<BootTurns>(std::max<unsigned>(1, static_cast<unsigned>(jobs / labs_in_a_boot)));
    }
    for (const std::vector<unsigned>& cpus : places_.cpus) {
      options.cpus = cpus.empty() ? restricted_cpus() : cpus;  // libvirt would give QEMU all of them
      place.labs.push_back(std::make_unique<LabProcessStarter>(options, observer, stop));
    }
    return place;
  }

 private:
  void tell_places(Observer& observer) const {
    std::vector<std::string> lists;
    for (const auto& cpus : places_.cpus) lists.push_back(cpu_list(cpus));
    observer.on(event::Note{
        fmt::format("{} labs at a time, each on CPUs of its own: {}", lists.size(), fmt::join(lists, " | "))});
  }

  LabPlaces places_;
  ImageRecipes recipes_;
  LabChoices choices_;
};

}  // namespace

std::unique_ptr<RunPlaceFinder> own_labs(const LabChoices& choices) {
  check_accelerator(choices.accelerator);
  return std::make_unique<OwnLabs>(choices);
}

}  // namespace offlab
