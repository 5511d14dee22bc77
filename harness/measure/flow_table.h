// What is kept of each flow, found by the flow: a table of small slots beside the values, so that thousands of flows
// that take turns can be found without waiting for memory. A value has a member `FlowKey flow`; its address stays.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "capture/packet.h"
#include "measure/fetch_memory.h"

namespace offlab {

struct FlowKeyHash {
  std::size_t operator()(const FlowKey& flow) const;
};

template <typename Value>
class FlowTable {
 public:
  FlowTable() : slots_(64) {}

  // Null when it is unknown.
  Value* find(const FlowKey& flow) { return find(flow, FlowKeyHash()(flow)); }
  const Value* find(const FlowKey& flow) const { return const_cast<FlowTable*>(this)->find(flow); }
  // The flow's value, made when it was unknown.
  Value& get(const FlowKey& flow) {
    const std::size_t hash = FlowKeyHash()(flow);
    if (Value* known = find(flow, hash)) return *known;
    Value& made = values_.emplace_back();
    made.flow = flow;
    if (2 * values_.size() > slots_.size()) grow();
    take_slot({&made, tag_of(hash)});
    return made;
  }

  // The two steps of a lookup that will come: first the slot is fetched, then it is known which value it may be. Null
  // when the flow is unknown; rarely it is the value of another flow.
  void fetch_slot(std::size_t hash) const { fetch_memory(&slots_[place_of(tag_of(hash))], sizeof(Slot)); }
  const Value* probably(std::size_t hash) const {
    const Slot& slot = slots_[place_with(tag_of(hash))];
    return slot.value;
  }

  std::size_t size() const { return values_.size(); }
  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  struct Slot {
    Value* value = nullptr;  // null: free
    std::uint32_t tag = 0;   // of the hash
  };

  static std::uint32_t tag_of(std::size_t hash) { return static_cast<std::uint32_t>(hash); }
  std::size_t place_of(std::uint32_t tag) const { return tag & (slots_.size() - 1); }
  std::size_t after(std::size_t place) const { return (place + 1) & (slots_.size() - 1); }

  // Of the first slot with the tag, or else of the free one behind.
  std::size_t place_with(std::uint32_t tag) const {
    std::size_t place = place_of(tag);
    while (slots_[place].value != nullptr && slots_[place].tag != tag) place = after(place);
    return place;
  }

  Value* find(const FlowKey& flow, std::size_t hash) {
    const std::uint32_t tag = tag_of(hash);
    for (std::size_t place = place_with(tag); slots_[place].value != nullptr; place = after(place))
      if (slots_[place].tag == tag && slots_[place].value->flow == flow) return slots_[place].value;
    return nullptr;
  }

  void take_slot(const Slot& slot) {
    std::size_t place = place_of(slot.tag);
    while (slots_[place].value != nullptr) place = after(place);
    slots_[place] = slot;
  }

  void grow() {
    std::vector<Slot> old(2 * slots_.size());
    std::swap(old, slots_);
    for (const Slot& slot : old)
      if (slot.value != nullptr) take_slot(slot);
  }

  std::deque<Value> values_;
  std::vector<Slot> slots_;  // a power of two, at most half of them taken
};

}  // namespace offlab
