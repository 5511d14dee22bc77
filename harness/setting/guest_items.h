// What settings come to in guests: items that a guest is told by a command, or that a lab switches and puts back. The
// rows of setting/rows.h are what a file says; several of them may come to one item, as the MTUs of a network and of an
// interface do.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/live_state.h"
#include "model/setting.h"
#include "model/topology.h"

namespace offlab {

enum class Switch { mtu, shaping, windows, df, sysctl, offload };

struct GuestItem {
  Switch what = Switch::mtu;
  std::string node;
  std::string network = {};  // of a NIC's item
  std::string name = {};     // of an offload, canonical; of a sysctl
  auto operator<=>(const GuestItem&) const = default;
};

using GuestItems = std::set<GuestItem>;

struct SwitchRow {
  Switch what = Switch::mtu;
  // The node's items with what each is to be, in the order of the file. One that is not there is to be as the guest had
  // it after its configuration.
  std::map<GuestItem, std::string> (*wanted)(const Topology&, const Node&);
  // Shell commands that make the item what the topology says. Null: a step of its own, since what is to be done depends
  // on what the guest has.
  std::vector<std::string> (*commands)(const Topology&, const Node&, const GuestItem&) = nullptr;
  // The setting's key, for people: "router.wan.mtu".
  std::string (*key)(const Topology&, const GuestItem&);
  // What a running lab says of it, "unknown" where it says nothing; nullopt: it cannot be switched. Null: labs do not
  // tell.
  std::optional<std::string> (*seen)(const LiveState&, const GuestItem&) = nullptr;
};

// In the order in which guests are told.
const std::vector<SwitchRow>& switch_rows();
const SwitchRow& switch_row(Switch what);

// Every item of the topology with what it is to be.
std::map<GuestItem, std::string> wanted_items(const Topology& topology);

// The items that differ between two topologies with the same nodes and networks.
GuestItems differing_items(const Topology& from, const Topology& to);

// The items that these settings of the topology are about, whatever they are to be. Keys that do not exist are passed
// over.
GuestItems items_about(const Topology& topology, const std::vector<SettingText>& settings);

}  // namespace offlab
