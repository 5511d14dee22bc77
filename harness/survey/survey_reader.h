// From what commands print to what a machine is.
#pragma once

#include <string>
#include <vector>

#include "model/machine_survey.h"

namespace offlab {

struct SurveyText {
  std::string name;  // of the file; may name a NIC: "ethtool-i-eth0.txt"
  std::string text;
};

// The output of survey_script(), and of these, as they are or between other lines, in any number of texts:
// `ethtool -k NIC`, `ethtool -i NIC`, `ip [-d] [-j] link`, `ip [-d] [-j] addr`, `ip route`, `sysctl net`, `uname -sr`,
// and what FreebsdReader knows.
// Lines that nobody knows are passed over. Throws Error where nothing is known.
MachineSurvey read_survey(const std::vector<SurveyText>& texts);

}  // namespace offlab
