// A part of a run, for one of several machines.
#pragma once

#include <optional>
#include <string_view>

#include "plan/plan.h"

namespace offlab {

struct Shard {
  unsigned number = 1;  // from 1
  unsigned of = 1;
  bool operator==(const Shard&) const = default;
};

// "2/4". Nothing for a text that is none.
std::optional<Shard> parse_shard(std::string_view text);

// The cases of that shard, which follow each other in the plan, so that few labs are built twice. All shards together
// have each case once. Cases keep their ids and folders; labs are named after the shard.
RunPlan shard_of(RunPlan plan, const Shard& shard);

}  // namespace offlab
