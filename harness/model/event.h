// What happens, as data. The terminal, the JSON lines and the tests listen to the same stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "model/lab_attempt.h"
#include "model/recorded.h"

namespace offlab::event {

// The stage of a lab whose guests are up and configured.
inline constexpr const char* lab_ready = "ready";

// The lab moves to another stage: "hypervisor", "networks", "boot", "configure", lab_ready.
struct LabStage {
  std::string stage;
  std::string detail = {};
  bool operator==(const LabStage&) const = default;
};
struct NodeReady {
  std::string node;
  double seconds = 0;     // from its start to the SSH handshake
  bool restored = false;  // from its saved state; it did not boot
  bool operator==(const NodeReady&) const = default;
};
struct CaseStarted {
  std::string id;
  bool operator==(const CaseStarted&) const = default;
};
// A step of a leg: "control: transfer".
struct StepStarted {
  std::string case_id;
  std::string leg;
  std::string step;
  bool operator==(const StepStarted&) const = default;
};
struct TransferProgress {
  std::string case_id;
  std::string leg;
  double seconds = 0;        // since it began
  double total_seconds = 0;  // expected
  double uplink_bps = 0;     // bytes handed to the router's ingress tap in the last interval
  // Bytes that the last router passed on to the receiver in it, with headers; nothing in events of earlier versions.
  std::optional<double> passed_bps = {};
  // ICMP errors of the leg so far about packets that already fit (port/observation.h); nothing: nobody captures.
  std::optional<std::uint64_t> bogus_errors = {};
  bool operator==(const TransferProgress&) const = default;
};
// The lab is done with the case; nothing is judged yet.
struct CaseRecorded {
  std::string id;
  Recorded recorded;
  std::string reason;  // why it was skipped or broke
  bool operator==(const CaseRecorded&) const = default;
};
// Something that is worth a line: a fall-back taken, a message of libvirt.
struct Note {
  std::string text;
  bool operator==(const Note&) const = default;
};
// The lab broke; nothing more will come from it.
struct LabFailed {
  std::string reason;
  std::string remedy = {};
  bool operator==(const LabFailed&) const = default;
};

// Something is off in the lab; the cases that are left get a fresh one. `before`: it was so before the case's traffic,
// in a lab that had run others, so that the case counts only once it was tried again.
struct LabWorn {
  std::string case_id;
  std::string reason;
  bool before = false;
  bool operator==(const LabWorn&) const = default;
};

}  // namespace offlab::event

namespace offlab {

struct Event {
  using What =
      std::variant<event::LabStage, event::NodeReady, event::CaseStarted, event::StepStarted, event::TransferProgress,
                   event::CaseRecorded, event::Note, event::LabFailed, event::LabWorn>;

  // Inside a lab nobody knows its attempt; whoever sends the events on says it (port/observer.h, LabObserver).
  Event(What happened) : what(std::move(happened)) {}  // NOLINT(google-explicit-constructor): each of them is one
  template <typename One>
  requires std::is_constructible_v<What, One> Event(One happened)
      : what(std::move(happened)) {}  // NOLINT(google-explicit-constructor)
  Event(LabAttempt lab, What happened) : of(std::move(lab)), what(std::move(happened)) {}

  LabAttempt of = {};
  What what;
  bool operator==(const Event&) const = default;
};

}  // namespace offlab
