#include "plan/shard.h"

#include <charconv>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr unsigned most_shards = 1000;

std::optional<unsigned> number_of(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number == 0 || number > most_shards)
    return std::nullopt;
  return number;
}

}  // namespace

std::optional<Shard> parse_shard(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto number = number_of(text.substr(0, slash));
  const auto of = number_of(text.substr(slash + 1));
  if (!number || !of || *number > *of) return std::nullopt;
  return Shard{*number, *of};
}

RunPlan shard_of(RunPlan plan, const Shard& shard) {
  std::size_t all = 0;
  for (const LabPlan& lab : plan.labs) all += lab.cases.size();
  if (all == 0) return plan;
  std::size_t place = 0;
  std::vector<LabPlan> labs;
  for (LabPlan& lab : plan.labs) {
    std::vector<CasePlan> cases;
    for (CasePlan& one : lab.cases)
      if (place++ * shard.of / all + 1 == shard.number) cases.push_back(std::move(one));
    if (cases.empty()) continue;
    lab.cases = std::move(cases);
    if (shard.of > 1) lab.name += fmt::format("-shard-{}", shard.number);
    labs.push_back(std::move(lab));
  }
  plan.labs = std::move(labs);
  return plan;
}

}  // namespace offlab
