#include "session/own_labs.h"

#include <algorithm>

#include <fmt/core.h>

#include "executor/lab_process.h"
#include "plan/lab_memory.h"
#include "session/accelerator.h"
#include "session/paths.h"
#include "session/prepared_host.h"

namespace offlab {
namespace {

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

  void accept(const RunPlan& plan) override { recipes_ = recipes_of(plan.labs); }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    const std::filesystem::path cache = cache_folder();
    RunPlace place;
    place.memory =
        std::make_unique<MemoryReservation>(cache, claim_of(plan, folder, choices_.side_by_side), host_memory());
    PreparedHost host = prepare_host(plan.labs, recipes_, cache, folder.path(), choices_.accelerator,
                                     choices_.image_digests, observer, stop);
    place.environment = std::move(host.environment);
    place.labs =
        std::make_unique<LabProcessStarter>(folder.path(), cache, host.accelerator, std::move(host.worker_images),
                                            std::move(host.labs), choices_.cold, observer, stop);
    return place;
  }

 private:
  ImageRecipes recipes_;
  LabChoices choices_;
};

}  // namespace

std::unique_ptr<RunPlaceFinder> own_labs(const LabChoices& choices) {
  check_accelerator(choices.accelerator);
  return std::make_unique<OwnLabs>(choices);
}

}  // namespace offlab
