// The NIC models that a guest can have, one row each. Whoever adds one adds its enumerator and its row here, and its
// driver to the image recipe: everything else asks the rows.
#pragma once

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace offlab {

enum class NicModel { virtio, vmxnet3, e1000, e1000e, rtl8139 };

struct NicModelRow {
  NicModel model;
  std::string_view name;     // in topology files
  std::string_view libvirt;  // its word for it: <model type='...'/>
  std::string_view driver;   // the guest's kernel module
  // Its tap has a header that tells segment sizes. Without one QEMU's model cuts the guest's large frames itself, and
  // takes no merged ones.
  bool segmentation_header = true;
  // A command that the guest needs before a new MTU; {} is the device.
  std::string_view before_new_mtu = {};
  bool offloads_at_creation = false;  // libvirt's <driver> takes <host> and <guest>
};

inline constexpr std::array nic_models = {
    NicModelRow{.model = NicModel::virtio,
                .name = "virtio",
                .libvirt = "virtio",
                .driver = "virtio_net",
                .offloads_at_creation = true},
    // A new MTU makes it come up again. It must do so with LRO on: without, it takes one buffer a frame from then on,
    // so that QEMU drops merged frames before the guest sees them (docs/hazards.md).
    NicModelRow{.model = NicModel::vmxnet3,
                .name = "vmxnet3",
                .libvirt = "vmxnet3",
                .driver = "vmxnet3",
                .before_new_mtu = "ethtool -K {} lro on"},
    NicModelRow{
        .model = NicModel::e1000, .name = "e1000", .libvirt = "e1000", .driver = "e1000", .segmentation_header = false},
    NicModelRow{.model = NicModel::e1000e, .name = "e1000e", .libvirt = "e1000e", .driver = "e1000e"},
    NicModelRow{.model = NicModel::rtl8139,
                .name = "rtl8139",
                .libvirt = "rtl8139",
                .driver = "8139cp",
                .segmentation_header = false},
};

constexpr const NicModelRow& row_of(NicModel model) {
  for (const NicModelRow& row : nic_models)
    if (row.model == model) return row;
  throw std::logic_error("a NIC model without a row");
}

constexpr std::string_view to_string(NicModel model) {
  return row_of(model).name;
}
std::optional<NicModel> parse_nic_model(std::string_view text);
const std::vector<std::string>& nic_model_names();

}  // namespace offlab
