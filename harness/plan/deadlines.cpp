#include "plan/deadlines.h"

#include <algorithm>

namespace offlab::limits {
namespace {

milliseconds traffic(double seconds) {
  return milliseconds(static_cast<milliseconds::rep>(seconds * 1000));
}

struct LimitOf {
  milliseconds operator()(const step::RunCommands& run) const { return command * (1 + scripts(run.commands)); }
  milliseconds operator()(const step::ApplySettings& apply) const {
    int most = 0;
    for (const step::NodeSettings& node : apply.nodes)
      most = std::max(most, scripts(node.commands) + static_cast<int>(node.values.size()));
    return command * (1 + most);
  }
  milliseconds operator()(const step::CheckPath&) const { return path; }
  milliseconds operator()(const step::TakeSnapshot&) const { return command; }
  milliseconds operator()(const step::Transfer& transfer) const {
    const milliseconds bulk =
        traffic(transfer.warmup_seconds + transfer.duration_seconds) + seconds(1) + transfer_margin;
    return transfer.sender_connects || transfer.starts_listener ? bulk + transfer_report + 2 * command : bulk;
  }
  milliseconds operator()(const step::CheckStream&) const { return stream + command; }
  milliseconds operator()(const step::StartBackground&) const { return 2 * command; }
  milliseconds operator()(const step::StopBackground&) const { return 2 * command + transfer_report; }
  milliseconds operator()(const step::JoinEnds& ends) const { return command * static_cast<int>(1 + ends.join.size()); }
  milliseconds operator()(const step::PartEnds&) const { return 3 * command; }
  // On the host, at once.
  template <typename Other>
  milliseconds operator()(const Other&) const {
    return command;
  }

  // Several commands go into a script; never more scripts than commands.
  static int scripts(const std::vector<std::string>& commands) { return static_cast<int>(commands.size()); }
};

}  // namespace

milliseconds of(const Step& step) {
  return std::visit(LimitOf(), step);
}

milliseconds of(const CasePlan& plan) {
  milliseconds sum = margin;
  for (const LegPlan& leg : plan.legs) {
    sum += command;
    for (const Step& step : leg.steps) sum += of(step);
  }
  return sum;
}

milliseconds of_background(const step::StartBackground& load) {
  return traffic(load.seconds) + command;
}

milliseconds boot_of(const LabPlan& lab) {
  milliseconds longest = boot;
  for (const NodePlan& node : lab.nodes)
    if (node.disk)
      longest = std::max(longest, milliseconds(seconds(node.disk->boot_seconds) + refusing + settle + tools));
  return longest;
}

milliseconds start(milliseconds boot_limit) {
  return hypervisor + restore + boot_limit + configuration + margin;
}

milliseconds silence_at_start(milliseconds boot_limit) {
  return std::max({milliseconds(hypervisor), restore + boot_limit, milliseconds(configuration)}) + margin;
}

milliseconds silence_in(const CasePlan& plan) {
  milliseconds longest{0};
  for (const LegPlan& leg : plan.legs)
    for (const Step& step : leg.steps) longest = std::max(longest, of(step));
  // Before the first step and behind the last one; a guest that no longer answers is asked once more.
  return longest + command + answer + margin;
}

}  // namespace offlab::limits
