// A row of the table of settings: what a case can switch by one kind of key. Everything that lists settings, applies
// them, tells topologies apart by them or carries them to another topology goes through these rows.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/topology.h"

namespace offlab {

// What one value of a setting belongs to.
enum class Scope { lab, network, node, interface, flow };

// What it takes to switch a setting.
enum class Cost {
  live,     // a running lab is switched, by a leg or by `offlab set`
  run,      // a part of a run: its legs switch it or its verdict knows it, and a lab that stays has nothing of it
  new_lab,  // fixed when machines are made
};

std::string_view to_string(Cost cost);  // "live", "run", "new lab"

// A part of a topology by its positions there; those that its scope does not need are 0.
struct Part {
  std::size_t network = 0;
  std::size_t node = 0;
  std::size_t interface = 0;
  std::size_t flow = 0;
};

// The names of a row that stands for many settings: what follows its word in a key.
struct Names {
  std::string placeholder;                                                  // for people: "NAME"
  std::vector<std::string> all;                                             // where the set is closed: every spelling
  std::function<std::optional<std::string>(const std::string&)> canonical;  // nothing: no such name
  std::function<std::string(const std::string&)> hint = {};                 // what to write instead of such a name
};

struct Row {
  Scope scope = Scope::lab;
  std::string word;  // the key without the names before it: "mtu", "limits.coverage"; "host." where names follow
  Cost cost = Cost::live;
  std::string values;       // what is allowed, for a hint
  std::string shown;        // the same, for a list
  std::string called = {};  // the same, for documentation that does not list them; empty: it does
  std::string meaning;      // for people, after the values
  std::optional<Names> names = {};
  bool everywhere = false;  // the word alone, without a network's name, is every network

  // Sets the value; false: the text is none. `name` is canonical, and empty where the row has no names.
  std::function<bool(Topology&, const Part&, const std::string& name, const std::string& text)> put;
  // The value as text, all names' in one; empty where nothing is asked for.
  std::function<std::string(const Topology&, const Part&)> text;
  // Gives a part of another topology the value.
  std::function<void(const Topology&, const Part&, Topology& to, const Part& there)> copy;
  // Why this part has no such setting; empty: it has. Null: every part has.
  std::function<std::string(const Topology&, const Part&)> trouble = {};
  // Sets what a lab has after its configuration, before any leg. Null: the configuration carries the value out.
  std::function<void(Topology&, const Part&)> configured = {};
  // Makes the value another one: what differs then is what the setting is about. Null: nothing in guests is.
  std::function<void(Topology&, const Part&, const std::string& name)> change = {};
};

// Every part of the topology that a row of this scope has a value for.
std::vector<Part> parts_of(const Topology& topology, Scope scope);

// "router.wan", "client", "download"; empty for the lab.
std::string name_of(const Topology& topology, Scope scope, const Part& part);

// As people write the row's keys: "NODE.mtu", "NODE.NETWORK.mtu".
std::vector<std::string> patterns_of(const Row& row);

}  // namespace offlab
