// A campaign file: which topology files a night runs, and until when.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace offlab {

struct CampaignPart {
  std::string name;
  std::string file;         // a topology file, as it stands in the campaign file
  bool as_expected = true;  // ask `verify`'s question; otherwise `run`'s
  std::vector<std::string> cases = {};
  std::vector<std::string> axes = {};     // "KEY=V1,V2"
  std::vector<std::string> exclude = {};  // "KEY=VALUE,KEY=VALUE"
  bool pairwise = false;
  std::string t_way = {};
  std::string duration = {};
  unsigned retries = 0;
  bool operator==(const CampaignPart&) const = default;
};

struct Campaign {
  std::string name;
  std::optional<double> deadline_seconds = {};  // from the night's start
  std::string history = {};                     // path; empty: beside the nights
  std::string quarantine = {};                  // path; empty: none
  std::vector<CampaignPart> parts;
  bool operator==(const Campaign&) const = default;
};

}  // namespace offlab
