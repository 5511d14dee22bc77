// Running cases: in labs of a run's own, or in one lab that stays up between them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <offlab/export.h>
#include <offlab/options.h>
#include <offlab/result.h>
#include <offlab/topology.h>

namespace offlab {
inline namespace v0 {

enum class Question { healthy, as_expected };  // `offlab run`, `offlab verify`

// Runs every case of the topology. Throws Failure where there is no result; a verdict that is bad is a result.
OFFLAB_API RunResult run(const Topology& topology, const Options& options = {}, Question question = Question::healthy);

// The cases that a run would have, by their ids, with what they set. Nothing is started.
OFFLAB_API std::vector<Case> cases_of(const Topology& topology, const Options& options = {});

// One lab, which is started with its first case and stays up for the next ones; a case that needs other machines gets a
// lab of its own in place of it. It ends with this object, and with this process, however that ends. To be used by one
// thread: the lab ends with the thread that started it.
class OFFLAB_API Lab {
 public:
  explicit Lab(Topology topology, Options options = {});
  Lab(Lab&&) noexcept;
  Lab& operator=(Lab&&) noexcept;
  ~Lab();

  // The topology with these settings. Throws Failure.
  CaseResult run(const Settings& settings);
  // A case of the topology, by its id. Throws Failure.
  CaseResult run_case(const std::string& id);

  // By which `offlab ssh --lab NAME` and others know it; empty before the first case.
  const std::string& name() const;
  // How many labs were started for its cases.
  unsigned starts() const;

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace v0
}  // namespace offlab
