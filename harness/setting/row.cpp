#include "setting/row.h"

namespace offlab {

std::string_view to_string(Cost cost) {
  switch (cost) {
    case Cost::live:
      return "live";
    case Cost::run:
      return "run";
    case Cost::new_lab:
      return "new lab";
  }
  return "?";
}

std::vector<Part> parts_of(const Topology& topology, Scope scope) {
  std::vector<Part> parts;
  switch (scope) {
    case Scope::lab:
      parts.emplace_back();
      break;
    case Scope::network:
      for (std::size_t i = 0; i < topology.networks.size(); ++i) parts.push_back({.network = i});
      break;
    case Scope::node:
      for (std::size_t i = 0; i < topology.nodes.size(); ++i) parts.push_back({.node = i});
      break;
    case Scope::interface:
      for (std::size_t i = 0; i < topology.nodes.size(); ++i)
        for (std::size_t nic = 0; nic < topology.nodes[i].interfaces.size(); ++nic)
          parts.push_back({.node = i, .interface = nic});
      break;
    case Scope::flow:
      for (std::size_t i = 0; i < topology.flows.size(); ++i) parts.push_back({.flow = i});
      break;
  }
  return parts;
}

std::string name_of(const Topology& topology, Scope scope, const Part& part) {
  switch (scope) {
    case Scope::lab:
      return "";
    case Scope::network:
      return topology.networks[part.network].name;
    case Scope::node:
      return topology.nodes[part.node].name;
    case Scope::interface:
      return topology.nodes[part.node].name + "." + topology.nodes[part.node].interfaces[part.interface].network;
    case Scope::flow:
      return topology.flows[part.flow].name;
  }
  return "";
}

std::vector<std::string> patterns_of(const Row& row) {
  const std::string word = row.word + (row.names ? row.names->placeholder : "");
  std::vector<std::string> patterns;
  if (row.everywhere || row.scope == Scope::lab) patterns.push_back(word);
  if (row.scope == Scope::network) patterns.push_back("NETWORK." + word);
  if (row.scope == Scope::node || row.scope == Scope::interface) patterns.push_back("NODE." + word);
  if (row.scope == Scope::interface) patterns.push_back("NODE.NETWORK." + word);
  if (row.scope == Scope::flow) patterns.push_back("FLOW." + word);
  return patterns;
}

}  // namespace offlab
