#include "vsphere/ethernet_cards.h"

#include "model/esxi_nic.h"
#include "vsphere/soap.h"

namespace offlab {

std::vector<HostNic> ethernet_cards(const pugi::xml_node& devices) {
  std::vector<HostNic> nics;
  for (const pugi::xml_node& device : devices.children()) {
    const std::string model = esxi_nic_model(type_of(device));
    if (model.empty()) continue;
    const pugi::xml_node backing = child_named(device, "backing");
    std::string network = text_of(backing, "deviceName");
    if (network.empty()) network = text_of(child_named(backing, "port"), "portgroupKey");  // of a distributed switch
    nics.push_back({model, std::move(network), text_of(device, "macAddress")});
  }
  return nics;
}

}  // namespace offlab
