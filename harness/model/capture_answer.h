// The answer to captures that were made elsewhere.
#pragma once

#include <string>
#include <vector>

#include "model/measurement.h"
#include "model/verdict.h"

namespace offlab {

struct ClassDiagnosis {
  FaultClass fault_class;
  Diagnosis diagnosis;
  bool operator==(const ClassDiagnosis&) const = default;
};

// One line about the captures or the transfer: "clock", "0.5 ms behind".
struct CaptureFact {
  std::string label;
  std::string text;
  bool operator==(const CaptureFact&) const = default;
};

// What the captures lack, and the commands that would capture it.
struct MissingCapture {
  std::string what;
  std::vector<std::string> commands;
  bool operator==(const MissingCapture&) const = default;
};

struct CaptureAnswer {
  std::string headline;                  // one or two sentences, to be pasted into a ticket
  std::vector<CaptureFact> facts;        // about the captures and the transfer
  std::vector<MissingCapture> missing;   // what would tell more
  std::string flow;                      // "198.18.2.2.5201 > 198.18.1.2.41234"; empty: no TCP could be judged
  std::vector<std::string> files;        // before the router, behind it
  std::vector<std::string> assumptions;  // what was not told and had to be taken for granted
  std::vector<Finding> findings;         // inconclusive: cannot be judged from what there is
  std::vector<Invariant> unseen = {};    // of the findings that hold: what they are about was not in the captures
  std::vector<Invariant> not_judged;     // they compare with a control, and there is none
  LegMeasurements measured;
  Outcome outcome;
  std::vector<FaultClass> classes;             // several: the captures cannot tell which; none: nothing was judged
  std::string undecided;                       // what would tell
  std::vector<ClassDiagnosis> diagnoses = {};  // of the classes, when it is a fail
  bool operator==(const CaptureAnswer&) const = default;
};

}  // namespace offlab
