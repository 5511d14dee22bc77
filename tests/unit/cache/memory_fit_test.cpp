// How many labs fit into a host's memory.
#include <gtest/gtest.h>

#include "cache/memory_reservation.h"
#include "plan/lab_memory.h"

namespace offlab {
namespace {

constexpr std::uint64_t mebibyte = 1024 * 1024;

TEST(MemoryFit, ALabNeedsItsGuestsMemoryAndWhatTheirQemuTakes) {
  LabPlan lab;
  for (const unsigned memory : {256U, 512U}) {
    NodePlan node;
    node.memory_mib = memory;
    lab.nodes.push_back(node);
  }
  EXPECT_EQ(lab_memory(lab).bytes, (256 + 100 + 512 + 100) * mebibyte);
}

TEST(MemoryFit, LabsMayUseNineTenths) {
  EXPECT_EQ(labs_that_fit({10000 * mebibyte}, {}, {1000 * mebibyte}), 9U);
  EXPECT_EQ(labs_that_fit({10000 * mebibyte}, {}, {9001 * mebibyte}), 0U);
}

TEST(MemoryFit, WhatOthersHaveIsTaken) {
  EXPECT_EQ(labs_that_fit({10000 * mebibyte}, {{"lab 'a'", {1500 * mebibyte}}}, {1000 * mebibyte}), 7U);
  EXPECT_EQ(labs_that_fit({10000 * mebibyte}, {{"lab 'a'", {20000 * mebibyte}}}, {1 * mebibyte}), 0U);
  EXPECT_EQ(labs_that_fit({10000 * mebibyte}, {}, {0}), 0U);
}

}  // namespace
}  // namespace offlab
