#include "vsphere/vsphere_report.h"

#include <sstream>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

std::string text_of(const pugi::xml_node& node) {
  std::ostringstream text;
  node.print(text, " ");
  return text.str();
}

}  // namespace

std::vector<ReportPart> report_by_api(VsphereSession& session, VsphereSettings& hosts,
                                      const std::vector<std::string>& keys) {
  const VsphereAbout& about = session.about();
  std::vector<ReportPart> parts = {
      {"about", fmt::format("{}\n{}\n{}\n{}\n", about.product, about.version, about.build, about.api_type)}};
  std::size_t number = 1;
  for (const std::string& host : hosts.hosts()) {
    const std::string prefix = fmt::format("host-{}-", number++);
    for (const char* property : {"summary.config.product", "config.network", "capability"}) {
      std::string text;
      try {
        text = text_of(session.property(hosts.system_of(host), property).response());
      } catch (const Error& error) {
        text = error.what();
      }
      parts.push_back({prefix + property, text});
    }
    std::string settings;
    for (const std::string& key : keys) settings += hosts.raw(host, key) + "\n";
    parts.push_back({prefix + "settings", settings});
    parts.push_back({prefix + "setting-unknown", hosts.raw(host, "Net.OfflabDoesNotExist")});
  }
  return parts;
}

}  // namespace offlab
