// The kinds of captures that people have, each as a way to make one of them of a pair from a lab. docs/error-rates.md
// has the answers for all of them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "unit/runner/capture_bytes.h"
#include "unit/runner/captured_pair.h"

namespace offlab {

struct CaptureKind {
  std::string group;  // a heading
  std::string name;
  // One or two files, in the order in which they are given.
  std::function<std::vector<CaptureContent>(const CapturedPair&)> convert;
  // The router in it lets nothing through any more, whatever it did before.
  bool stops_forwarding = false;
  // There is no TCP data in a file.
  bool has_no_data = false;
};

const std::vector<CaptureKind>& capture_kinds();

}  // namespace offlab
