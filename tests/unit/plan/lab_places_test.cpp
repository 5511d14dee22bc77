// How many labs run at the same time, where, and how cases are shared out among them.
#include "plan/lab_places.h"

#include <gtest/gtest.h>

#include "plan/split_labs.h"

namespace offlab {
namespace {

using Lines = std::vector<std::string>;
using Lists = std::vector<std::vector<unsigned>>;

RunPlan plan_of(const std::vector<std::size_t>& labs) {
  RunPlan plan;
  for (std::size_t number = 0; number < labs.size(); ++number) {
    LabPlan lab;
    lab.name = "lab-" + std::to_string(number + 1);
    for (const char* name : {"client", "router", "server"}) {
      NodePlan node;
      node.name = name;
      lab.nodes.push_back(node);
    }
    for (std::size_t i = 0; i < labs[number]; ++i) {
      CasePlan one;
      one.id = lab.name + "-" + std::to_string(i);
      lab.cases.push_back(one);
    }
    plan.labs.push_back(lab);
  }
  return plan;
}

std::vector<unsigned> first_cpus(unsigned number) {
  std::vector<unsigned> cpus;
  for (unsigned cpu = 0; cpu < number; ++cpu) cpus.push_back(cpu);
  return cpus;
}

// "lab-1: 3" each.
Lines shared_out(const RunPlan& plan) {
  Lines lines;
  for (const LabPlan& lab : plan.labs) lines.push_back(lab.name + ": " + std::to_string(lab.cases.size()));
  return lines;
}

TEST(LabPlaces, EachLabHasACpuForEachGuest) {
  EXPECT_EQ(choose_places(0, plan_of({12, 12}), first_cpus(8), 100).cpus, (Lists{{0, 1, 2, 3}, {4, 5, 6, 7}}));
  EXPECT_EQ(choose_places(0, plan_of({12}), first_cpus(9), 100).cpus, (Lists{{0, 1, 2}, {3, 4, 5}, {6, 7, 8}}));
}

TEST(LabPlaces, OneLabIsNotPinned) {
  EXPECT_EQ(choose_places(0, plan_of({12, 12}), first_cpus(2), 100).cpus, Lists{{}});
  EXPECT_EQ(choose_places(0, plan_of({1}), first_cpus(64), 100).cpus, Lists{{}});
  EXPECT_EQ(choose_places(0, plan_of({9}), first_cpus(64), 1).cpus, Lists{{}});
  EXPECT_EQ(choose_places(0, plan_of({9}), first_cpus(64), 0).cpus, Lists{{}});
  EXPECT_EQ(choose_places(1, plan_of({9}), first_cpus(64), 100).cpus, Lists{{}});
}

TEST(LabPlaces, MoreMayBeAskedForThanFitBySize) {
  EXPECT_EQ(choose_places(2, plan_of({12}), first_cpus(2), 100).cpus, (Lists{{0}, {1}}));
  EXPECT_EQ(choose_places(3, plan_of({2}), first_cpus(8), 100).cpus.size(), 2U);  // there are two cases
}

TEST(LabPlaces, WhatTheHostHasNotIsRefused) {
  EXPECT_EQ(choose_places(3, plan_of({12}), first_cpus(2), 100).trouble,
            "3 labs at a time need a CPU each, and there are 2");
  EXPECT_EQ(choose_places(3, plan_of({12}), first_cpus(8), 2).trouble,
            "the memory that is free holds 2 of the 3 labs at a time");
}

TEST(LabPlaces, CpusAreListedAsTasksetDoes) {
  EXPECT_EQ(cpu_list({0, 1, 2, 3, 8}), "0-3,8");
  EXPECT_EQ(cpu_list({5}), "5");
  EXPECT_EQ(cpu_list({}), "");
}

TEST(SplitLabs, CasesAreSharedOutInTheirOrder) {
  const RunPlan plan = split_labs(plan_of({5}), 2);
  EXPECT_EQ(shared_out(plan), (Lines{"lab-1-part-1: 2", "lab-1-part-2: 3"}));
  EXPECT_EQ(plan.labs[1].cases[0].id, "lab-1-2");
  EXPECT_EQ(plan.labs[1].nodes.size(), 3U);
}

TEST(SplitLabs, LabsThatAreFewEnoughStayWhole) {
  EXPECT_EQ(shared_out(split_labs(plan_of({12, 12}), 2)), (Lines{"lab-1: 12", "lab-2: 12"}));
  EXPECT_EQ(shared_out(split_labs(plan_of({12, 12}), 1)), (Lines{"lab-1: 12", "lab-2: 12"}));
  EXPECT_EQ(shared_out(split_labs(plan_of({12, 2}), 2)), (Lines{"lab-1-part-1: 6", "lab-1-part-2: 6", "lab-2: 2"}));
  EXPECT_EQ(shared_out(split_labs(plan_of({}), 3)), Lines{});
}

}  // namespace
}  // namespace offlab
