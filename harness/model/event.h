// What happens, as data. The terminal, the JSON lines and the tests listen to the same stream.
#pragma once

#include <string>
#include <variant>

#include "model/fault_class.h"

namespace offlab::event {

// The stage of a lab whose guests are up and configured.
inline constexpr const char* lab_ready = "ready";

// A lab moves to another stage: "hypervisor", "networks", "boot", "configure", lab_ready.
struct LabStage {
  std::string lab;
  std::string stage;
  std::string detail;
};
struct NodeReady {
  std::string node;
  double seconds = 0;     // from its start to the SSH handshake
  bool restored = false;  // from its saved state; it did not boot
};
struct CaseStarted {
  std::string id;
};
// A step of a leg: "control: transfer".
struct StepStarted {
  std::string case_id;
  std::string leg;
  std::string step;
};
struct TransferProgress {
  std::string case_id;
  std::string leg;
  double seconds = 0;        // since it began
  double total_seconds = 0;  // expected
  double uplink_bps = 0;     // bytes handed to the router's ingress tap in the last interval
};
// The lab is done with the case; nothing is judged yet. `outcome` is pass (recorded), skip or error.
struct CaseRecorded {
  std::string id;
  Outcome outcome;
  std::string reason;
};
// Something that is worth a line: a fall-back taken, a message of libvirt.
struct Note {
  std::string text;
};
// The lab broke; nothing more will come from it.
struct LabFailed {
  std::string reason;
  std::string remedy;
};

}  // namespace offlab::event

namespace offlab {

using Event = std::variant<event::LabStage, event::NodeReady, event::CaseStarted, event::StepStarted,
                           event::TransferProgress, event::CaseRecorded, event::Note, event::LabFailed>;

}  // namespace offlab
