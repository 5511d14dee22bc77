// For GoogleTest: a fixture that keeps one lab for a suite, axes as parameters, and matchers whose failure messages
// show the violated invariants, the frames that prove them, and the diagnosis.
//
//   struct Router : offlab::LabSuite<Router> {
//     static offlab::Topology topology() { return offlab::Topology::shipped("vmxnet3-router"); }
//   };
//   TEST_F(Router, ForwardsWithoutLro) { EXPECT_THAT(run({{"router.lro", "off"}}), offlab::ForwardsCleanly()); }
#pragma once

#include <cctype>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <offlab/lab.h>

namespace offlab {
inline namespace v0 {

// `Suite` is the fixture itself; it has `static Topology topology()`, and may have `static Options options()`. The lab
// starts with the first case that a test runs, and ends with the suite.
template <typename Suite, typename Base = testing::Test>
class LabSuite : public Base {
 public:
  static void TearDownTestSuite() { lab_.reset(); }
  static Options options() { return {}; }

 protected:
  static Lab& lab() {
    if (!lab_) lab_ = std::make_unique<Lab>(Suite::topology(), Suite::options());
    return *lab_;
  }
  // The topology with these settings. The test's XML has the run folder.
  static CaseResult run(const Settings& settings = {}) { return noted(lab().run(settings)); }
  // A case of the topology.
  static CaseResult run_case(const std::string& id) { return noted(lab().run_case(id)); }

 private:
  static CaseResult noted(CaseResult result) {
    testing::Test::RecordProperty("run_folder", result.folder);
    return result;
  }

  inline static std::unique_ptr<Lab> lab_;
};

// The same for TEST_P: GetParam() is what a case sets.
template <typename Suite>
using LabSuiteWithAxes = LabSuite<Suite, testing::TestWithParam<Settings>>;

// INSTANTIATE_TEST_SUITE_P(Lro, Router, offlab::Combinations({{"hypervisor.lro", {"off", "passthrough"}}}),
//                          offlab::SettingsName());
inline auto Combinations(const std::vector<Axis>& axes) {
  return testing::ValuesIn(combinations(axes));
}

// "router_lro_off__hypervisor_lro_passthrough"
struct SettingsName {
  std::string operator()(const testing::TestParamInfo<Settings>& info) const {
    std::string name;
    for (const Setting& setting : info.param.list())
      name += (name.empty() ? "" : "__") + setting.key + "_" + setting.value;
    for (char& c : name)
      if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    return name.empty() ? "default" : name;
  }
};

namespace matchers {

// What all of them have: they tell the whole story of a result that does not match.
class OfResult : public testing::MatcherInterface<const CaseResult&> {
 public:
  bool MatchAndExplain(const CaseResult& result, testing::MatchResultListener* listener) const override {
    const std::string story = describe(result);  // its first line is the value as GoogleTest prints it
    if (listener->IsInterested()) *listener << story.substr(story.find('\n'));
    return matches(result);
  }

 private:
  virtual bool matches(const CaseResult& result) const = 0;
};

class ForwardsCleanly : public OfResult {
 public:
  void DescribeTo(std::ostream* stream) const override { *stream << "forwards cleanly"; }
  void DescribeNegationTo(std::ostream* stream) const override { *stream << "does not forward cleanly"; }

 private:
  bool matches(const CaseResult& result) const override { return result.forwarding == Outcome::pass; }
};

class Violates : public OfResult {
 public:
  explicit Violates(std::string invariant) : invariant_(std::move(invariant)) {}
  void DescribeTo(std::ostream* stream) const override { *stream << "violates " << invariant_; }
  void DescribeNegationTo(std::ostream* stream) const override { *stream << "does not violate " << invariant_; }

 private:
  bool matches(const CaseResult& result) const override { return result.violates(invariant_); }
  std::string invariant_;
};

class HasClass : public OfResult {
 public:
  explicit HasClass(std::string fault_class) : fault_class_(std::move(fault_class)) {}
  void DescribeTo(std::ostream* stream) const override { *stream << "has the class " << fault_class_; }
  void DescribeNegationTo(std::ostream* stream) const override { *stream << "has another class than " << fault_class_; }

 private:
  bool matches(const CaseResult& result) const override { return result.fault_class == fault_class_; }
  std::string fault_class_;
};

}  // namespace matchers

// Forwarding is healthy. Missing evidence does not match.
inline testing::Matcher<const CaseResult&> ForwardsCleanly() {
  return testing::MakeMatcher(new matchers::ForwardsCleanly);
}
// A finding of that invariant failed: "bogus-frag-needed".
inline testing::Matcher<const CaseResult&> Violates(const std::string& invariant) {
  return testing::MakeMatcher(new matchers::Violates(invariant));
}
// The class of the fault, "healthy", or "unknown": "lro-orphan-storm".
inline testing::Matcher<const CaseResult&> HasClass(const std::string& fault_class) {
  return testing::MakeMatcher(new matchers::HasClass(fault_class));
}

}  // namespace v0
}  // namespace offlab
