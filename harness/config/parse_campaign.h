// Campaign files, and the quarantine files beside them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/campaign.h"
#include "model/quarantine.h"

namespace offlab {

struct ParsedCampaign {
  std::optional<Campaign> campaign;  // only when there are no diagnostics
  Diagnostics diagnostics;           // ordered by position
};
struct ParsedQuarantine {
  std::optional<std::vector<QuarantineEntry>> entries;
  Diagnostics diagnostics;
};

// `file` is the name that diagnostics carry; it is not opened.
ParsedCampaign parse_campaign(std::string_view text, const std::string& file);
ParsedQuarantine parse_quarantine(std::string_view text, const std::string& file);

}  // namespace offlab
