// Saved guests in the cache: one folder a state, WARM/KEY/{state,state.json}. Written to WARM/KEY.saving and moved in
// one step; what a process that died in between has left is removed by the next one. Bounded: the states that were not
// used for the longest time go first. States in use are locked, and stay.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/units.h"
#include "port/saved_guests.h"

namespace offlab {

// What a state's key is made of (warm_key), and what is shown of it.
struct WarmLabel {
  std::string key;
  std::string node;
  std::string image;
  std::string machine = {};  // in words: vcpus, memory, NICs
};

struct WarmState {
  WarmLabel label;
  ByteCount size;
  std::filesystem::file_time_type last_used;
};

// Everything that a guest's state depends on. Each change of one makes another key.
struct WarmIngredients {
  std::string image_digest;
  std::string domain_xml;
  std::string versions;     // of the hypervisor
  std::string accelerator;  // with what the accelerator depends on
  std::string public_keys;
};
std::string warm_key(const WarmIngredients& ingredients);

// The keys of the states to remove so that the rest fits into `limit`: least recently used first.
std::vector<std::string> beyond_limit(std::vector<WarmState> states, ByteCount limit);

class WarmStates : public SavedGuests {
 public:
  using Labeller = std::function<WarmLabel(const DomainSpec&)>;

  // `folder` is made when it does not exist.
  WarmStates(std::filesystem::path folder, ByteCount limit, Labeller label_of);

  std::optional<SavedGuest> find(const DomainSpec& spec) override;
  void remove(const DomainSpec& spec) override;
  void keep(const DomainSpec& spec, const std::function<void(const std::string& file)>& write) override;

 private:
  std::filesystem::path folder_;
  ByteCount limit_;
  Labeller label_of_;
};

// The states in `folder`, most recently used first; a folder that holds no readable state has an empty node.
std::vector<WarmState> list_warm_states(const std::filesystem::path& folder);
// Removes all states but those in use; gives the number of those.
std::size_t clear_warm_states(const std::filesystem::path& folder);
// Removes what dead processes have left.
void sweep_warm_states(const std::filesystem::path& folder);

}  // namespace offlab
