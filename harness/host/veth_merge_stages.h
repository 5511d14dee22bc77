// Merge stages as veth pairs: the receiving end does GRO once its peer neither segments late nor carries GSO frames.
#pragma once

#include "port/merge_stages.h"

namespace offlab {

class VethMergeStages : public MergeStages {
 public:
  void create_stage(const MergeStage& stage) override;
  void set_merging(const std::string& wire_port, const std::string& router_port, bool on) override;
};

}  // namespace offlab
