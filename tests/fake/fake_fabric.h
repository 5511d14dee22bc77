// Bridges and merge stages as a list.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "base/error.h"
#include "fake/fake_taps.h"
#include "port/fabric.h"

namespace offlab {

class FakeFabric : public Fabric {
 public:
  explicit FakeFabric(FakeTaps& taps) : taps_(taps) {}

  struct Bridge {
    Mtu mtu;
    bool reachable = false;
    bool operator==(const Bridge&) const = default;
  };
  std::map<std::string, Bridge> bridges;
  std::map<std::string, MergeStage> stages;  // by wire port
  std::string refuses;                       // the bridge that cannot be made

  void create_bridge(const std::string& name, Mtu mtu, bool reachable) override {
    if (name == refuses) throw Error(fmt::format("creating bridge '{}': Operation not permitted", name));
    if (!bridges.try_emplace(name, Bridge{mtu, reachable}).second)
      throw Error(fmt::format("creating bridge '{}': File exists", name));
  }

  std::map<std::string, std::vector<std::string>> addresses;  // by bridge
  void add_address(const std::string& bridge, const std::string& address) override {
    if (bridges.count(bridge) == 0) throw Error(fmt::format("no bridge '{}'", bridge));
    addresses[bridge].push_back(address);
  }

  void create_stage(const MergeStage& stage) override {
    for (const std::string& bridge : {stage.wire_bridge, stage.router_bridge})
      if (bridges.count(bridge) == 0) throw Error(fmt::format("no bridge '{}'", bridge));
    stages[stage.wire_port] = stage;
    const TapState port{
        {{"tx-tcp-segmentation", true}, {"tx-generic-segmentation", true}, {"rx-gro", false}}, 0, stage.mtu.bytes};
    taps_.add(stage.wire_port, port);
    taps_.add(stage.router_port, port);
  }

  std::vector<std::pair<std::string, std::string>> moves;  // tap, bridge

  void move_port(const std::string& tap, const std::string& bridge) override {
    if (bridges.count(bridge) == 0) throw Error(fmt::format("no bridge '{}'", bridge));
    moves.emplace_back(tap, bridge);
  }

 private:
  FakeTaps& taps_;
};

}  // namespace offlab
