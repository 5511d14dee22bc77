// Flows found by their addresses and ports.
#include "measure/flow_table.h"

#include <vector>

#include <gtest/gtest.h>

namespace offlab {
namespace {

struct Seen {
  FlowKey flow;
  int times = 0;
};

FlowKey flow_number(std::uint32_t number) {
  FlowKey flow;
  flow.source.bytes = {198, 18, 1, static_cast<std::uint8_t>(number)};
  flow.destination.bytes = {198, 18, 2, static_cast<std::uint8_t>(number >> 8U)};
  flow.source_port = static_cast<std::uint16_t>(number / 7);
  flow.destination_port = 5201;
  return flow;
}

TEST(FlowTable, FindsEachOfManyFlowsAtItsAddress) {
  FlowTable<Seen> table;
  std::vector<const Seen*> addresses;
  for (std::uint32_t number = 0; number < 20'000; ++number) {
    Seen& made = table.get(flow_number(number));
    made.times = static_cast<int>(number);
    addresses.push_back(&made);
  }
  ASSERT_EQ(table.size(), 20'000U);
  for (std::uint32_t number = 0; number < 20'000; ++number) {
    ASSERT_EQ(table.find(flow_number(number)), addresses[number]);
    ASSERT_EQ(addresses[number]->times, static_cast<int>(number));
    ASSERT_EQ(&table.get(flow_number(number)), addresses[number]);
  }
  EXPECT_EQ(table.find(flow_number(20'001)), nullptr);
  EXPECT_EQ(table.size(), 20'000U);
}

TEST(FlowTable, MostlyGuessesTheFlowFromItsHash) {
  FlowTable<Seen> table;
  std::size_t right = 0;
  for (std::uint32_t number = 0; number < 1000; ++number) table.get(flow_number(number));
  for (std::uint32_t number = 0; number < 1000; ++number) {
    const FlowKey flow = flow_number(number);
    if (table.probably(FlowKeyHash()(flow)) == table.find(flow)) ++right;
  }
  EXPECT_GT(right, 600U);
}

}  // namespace
}  // namespace offlab
