#include "model/nic_model.h"

namespace offlab {

std::optional<NicModel> parse_nic_model(std::string_view text) {
  for (const NicModelRow& row : nic_models)
    if (row.name == text) return row.model;
  return std::nullopt;
}

const std::vector<std::string>& nic_model_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const NicModelRow& row : nic_models) all.emplace_back(row.name);
    return all;
  }();
  return names;
}

}  // namespace offlab
