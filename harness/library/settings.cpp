#include <ostream>

#include <offlab/topology.h>

namespace offlab {
inline namespace v0 {

std::string Settings::text() const {
  std::string text;
  for (const Setting& setting : list_) text += (text.empty() ? "" : ",") + setting.key + "=" + setting.value;
  return text;
}

std::ostream& operator<<(std::ostream& stream, const Settings& settings) {
  return stream << settings.text();
}

std::vector<Settings> combinations(const std::vector<Axis>& axes) {
  std::vector<Settings> rows = {Settings()};
  for (const Axis& axis : axes) {
    std::vector<Settings> longer;
    for (const Settings& row : rows)
      for (const std::string& value : axis.values) {
        longer.push_back(row);
        longer.back().add({axis.key, value});
      }
    rows = std::move(longer);
  }
  return rows;
}

}  // namespace v0
}  // namespace offlab
