// What the nights before say of a case that is to be measured again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "campaign/watch.h"

namespace offlab {

struct CaseHistory {
  unsigned attempts = 0;  // that were judged, of the last 200
  // How often an attempt has another class with the same inputs: the mean of Beta(flakes + 1/2, others + 1/2). Nothing
  // below twenty attempts.
  std::optional<double> flake_rate = {};
  // Of ln(goodput / control) from one night to the next; a lasting change of level does not count. Nothing below twelve
  // nights.
  std::optional<double> pair_deviation = {};
  bool operator==(const CaseHistory&) const = default;
};

// Of the case on the host of this name, as the last night ran it: the same accelerator, QEMU and kernel. Where several
// parts have a case of this id, of the part whose topology file has this digest, or else of the one that was run last.
CaseHistory history_of_case(const std::vector<HistoryRow>& rows, const std::string& host, const std::string& case_id,
                            const std::string& file_digest);

}  // namespace offlab
