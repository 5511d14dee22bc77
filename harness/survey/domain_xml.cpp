#include "survey/domain_xml.h"

#include <algorithm>
#include <cctype>

#include <pugixml.hpp>

#include "base/error.h"
#include "model/nic_model.h"

namespace offlab {
namespace {

constexpr std::size_t most_nics = 256;

// Bits of <linux/virtio_net.h> that a domain may forbid, and the elements that do: <host mrg_rxbuf='off'/>.
struct Forbidden {
  std::size_t bit;
  const char* element;
  const char* attribute;
};
constexpr Forbidden features[] = {
    {7, "guest", "tso4"}, {8, "guest", "tso6"}, {9, "guest", "ecn"}, {10, "guest", "ufo"}, {15, "host", "mrg_rxbuf"}};

// What a guest is offered that nothing is forbidden.
std::string virtio_features(const pugi::xml_node& driver) {
  std::string bits(64, '1');
  for (const Forbidden& one : features)
    if (std::string(driver.child(one.element).attribute(one.attribute).value()) == "off") bits[one.bit] = '0';
  return bits;
}

// libvirt's default for a model that is not named depends on the machine type.
std::string driver_of(const std::string& model) {
  for (const NicModelRow& row : nic_models)
    if (row.libvirt == model) return std::string(row.driver);
  return model.starts_with("virtio") ? "virtio_net" : model;
}

SurveyedLink& link_for(MachineSurvey& survey, const std::string& mac, const std::string& tap) {
  for (SurveyedLink& link : survey.links)
    if (!mac.empty() && link.mac == mac) return link;
  survey.links.push_back({.name = tap.empty() ? mac : tap});
  survey.links.back().mac = mac;
  return survey.links.back();
}

}  // namespace

void add_domain(MachineSurvey& survey, const std::string& xml) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node domain = document.child("domain");
  if (!parsed || !domain) throw Error("it is no domain of libvirt", "virsh dumpxml DOMAIN > domain.xml");
  std::size_t nics = 0;
  for (const pugi::xml_node& interface : domain.child("devices").children("interface")) {
    if (++nics > most_nics) throw Error("it has more than 256 interfaces");
    std::string mac = interface.child("mac").attribute("address").value();
    std::transform(mac.begin(), mac.end(), mac.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const std::string tap = interface.child("target").attribute("dev").value();
    if (mac.empty() && tap.empty()) throw Error("an interface has neither a MAC address nor a target");
    SurveyedLink& link = link_for(survey, mac, tap);
    const std::string model = interface.child("model").attribute("type").value();
    if (link.driver.empty()) link.driver = driver_of(model);
    if (const auto mtu = interface.child("mtu").attribute("size"); mtu && !link.mtu) link.mtu = mtu.as_uint();
    if (link.driver == "virtio_net" && link.virtio_features.empty())
      link.virtio_features = virtio_features(interface.child("driver"));
  }
  if (nics == 0) throw Error("the domain has no interface");
}

}  // namespace offlab
