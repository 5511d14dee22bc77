#include "libvirt/domain_xml.h"

#include <sstream>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "base/digest.h"
#include "libvirt/uefi_files.h"

namespace offlab {
namespace {

pugi::xml_node child(pugi::xml_node parent, const char* name, const std::string& text = {}) {
  pugi::xml_node node = parent.append_child(name);
  if (!text.empty()) node.text().set(text.c_str());
  return node;
}

void attribute(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(value.c_str());
}

// QEMU's translator leaves memory barriers out of a machine that can have one processor only (until QEMU 8.1). Its
// devices run in other threads: without the barrier, a virtio queue now and then misses a notification and stands still
// for good. A second processor that is never there keeps the barriers.
void add_processors(pugi::xml_node domain, const DomainSpec& spec, const std::string& cpus) {
  const bool lone = spec.accelerator == Accelerator::tcg && spec.vcpus == 1;
  const pugi::xml_node processors = child(domain, "vcpu", lone ? "2" : std::to_string(spec.vcpus));
  if (lone) attribute(processors, "current", "1");
  if (!cpus.empty()) attribute(processors, "cpuset", cpus);
}

void add_owner(pugi::xml_node domain, const std::string& lab) {
  child(domain, "description", "made by offlab for the time of a test; `offlab gc` removes what a killed run has left");
  pugi::xml_node mark = child(child(domain, "metadata"), "offlab:lab");
  attribute(mark, "xmlns:offlab", metadata_namespace);
  attribute(mark, "uuid", lab);
}

void add_security(pugi::xml_node domain, const DomainOwner& owner) {
  pugi::xml_node user = child(domain, "seclabel");
  attribute(user, "type", "static");
  attribute(user, "model", "dac");
  attribute(user, "relabel", "no");
  child(user, "label", fmt::format("+{}:+{}", owner.user.user, owner.user.group));
  for (const std::string& model : owner.unconfined) {
    pugi::xml_node none = child(domain, "seclabel");
    attribute(none, "type", "none");
    attribute(none, "model", model);
  }
}

void add_firmware(pugi::xml_node os, const DomainDisk& disk) {
  if (disk.firmware == Firmware::bios) return;
  pugi::xml_node loader = child(os, "loader", uefi_code_file);
  attribute(loader, "readonly", "yes");
  attribute(loader, "type", "pflash");
  child(os, "nvram", disk.variables);
}

void add_disk(pugi::xml_node devices, const std::string& file, const char* format, const char* target, DiskBus bus) {
  pugi::xml_node disk = child(devices, "disk");
  attribute(disk, "type", "file");
  attribute(disk, "device", "disk");
  pugi::xml_node driver = child(disk, "driver");
  attribute(driver, "name", "qemu");
  attribute(driver, "type", format);
  attribute(driver, "cache", "unsafe");  // it is gone with the lab
  attribute(child(disk, "source"), "file", file);
  pugi::xml_node place = child(disk, "target");
  attribute(place, "dev", target);
  attribute(place, "bus", std::string(to_string(bus)));
  if (std::string_view(format) == "raw") child(disk, "readonly");
}

const char* overlay_target(const DomainDisk& disk) {
  if (disk.bus == DiskBus::virtio) return "vda";
  return disk.bus == DiskBus::ide ? "hda" : "sda";
}

const char* seed_target(const DomainDisk& disk) {
  return disk.bus == DiskBus::virtio ? "vdb" : "vda";
}

void add_disks(pugi::xml_node devices, const DomainDisk& disk) {
  add_disk(devices, disk.overlay, "qcow2", overlay_target(disk), disk.bus);
  if (!disk.seed.empty()) add_disk(devices, disk.seed, "raw", seed_target(disk), DiskBus::virtio);
  if (disk.bus != DiskBus::scsi) return;
  pugi::xml_node controller = child(devices, "controller");
  attribute(controller, "type", "scsi");
  attribute(controller, "model", "virtio-scsi");
}

void add_machine(pugi::xml_node domain, const DomainSpec& spec, const std::string& cpus) {
  attribute(child(domain, "memory", std::to_string(spec.memory_mib)), "unit", "MiB");
  add_processors(domain, spec, cpus);
  pugi::xml_node os = child(domain, "os");
  pugi::xml_node type = child(os, "type", "hvm");
  attribute(type, "arch", "x86_64");
  attribute(type, "machine", "pc");
  if (spec.disk) {
    add_firmware(os, *spec.disk);
  } else {
    child(os, "kernel", spec.kernel);
    child(os, "initrd", spec.initrd);
    child(os, "cmdline", spec.command_line);
  }
  pugi::xml_node features = child(domain, "features");
  child(features, "acpi");
  if (spec.accelerator == Accelerator::tcg)  // else the translation cache grows to 1 GiB a guest
    attribute(child(child(features, "tcg"), "tb-cache", "64"), "unit", "MiB");
  attribute(child(domain, "cpu"), "mode", "maximum");
  // A system of its own may start again once after its first boot.
  child(domain, "on_poweroff", "destroy");
  child(domain, "on_reboot", spec.disk ? "restart" : "destroy");
  child(domain, "on_crash", "destroy");
}

void add_firmware_files(pugi::xml_node domain, const DomainSpec& spec) {
  if (spec.firmware_files.empty()) return;
  pugi::xml_node info = child(domain, "sysinfo");
  attribute(info, "type", "fwcfg");
  for (const auto& [name, file] : spec.firmware_files) {
    pugi::xml_node entry = child(info, "entry");
    attribute(entry, "name", name);
    attribute(entry, "file", file);
  }
}

void add_offloads(pugi::xml_node driver, const char* side, const std::map<std::string, bool>& offloads) {
  if (offloads.empty()) return;
  pugi::xml_node element = child(driver, side);
  for (const auto& [name, on] : offloads) attribute(element, name.c_str(), on ? "on" : "off");
}

void add_nic(pugi::xml_node devices, const DomainNic& nic) {
  const NicModelRow& model = row_of(nic.model);
  pugi::xml_node interface = child(devices, "interface");
  attribute(interface, "type", nic.bridge.empty() ? "ethernet" : "bridge");
  attribute(child(interface, "mac"), "address", nic.mac);
  if (!nic.bridge.empty()) attribute(child(interface, "source"), "bridge", nic.bridge);
  attribute(child(interface, "target"), "dev", nic.tap);
  attribute(child(interface, "model"), "type", std::string(model.libvirt));
  if (nic.isolated) attribute(child(interface, "port"), "isolated", "yes");
  if (nic.slot) {
    pugi::xml_node address = child(interface, "address");
    attribute(address, "type", "pci");
    attribute(address, "slot", std::to_string(*nic.slot));
  }
  const bool has_driver = nic.queues > 1 || !nic.host_offloads.empty() || !nic.guest_offloads.empty();
  if (!model.offloads_at_creation || !has_driver) return;
  pugi::xml_node driver = child(interface, "driver");
  if (nic.queues > 1) attribute(driver, "queues", std::to_string(nic.queues));
  add_offloads(driver, "host", nic.host_offloads);
  add_offloads(driver, "guest", nic.guest_offloads);
}

void add_devices(pugi::xml_node domain, const DomainSpec& spec) {
  pugi::xml_node devices = child(domain, "devices");
  pugi::xml_node usb = child(devices, "controller");
  attribute(usb, "type", "usb");
  attribute(usb, "model", "none");
  if (spec.disk) add_disks(devices, *spec.disk);
  for (const DomainNic& nic : spec.nics) add_nic(devices, nic);
  pugi::xml_node serial = child(devices, "serial");
  attribute(serial, "type", "file");
  pugi::xml_node log = child(serial, "source");
  attribute(log, "path", spec.serial_log);
  attribute(log, "append", "on");  // what it prints stays at the end of a log that was rotated
  attribute(child(devices, "memballoon"), "model", "none");
}

std::string text_of(const pugi::xml_document& document) {
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default | pugi::format_no_declaration);
  return text.str();
}

}  // namespace

std::string domain_uuid(const std::string& name, const DomainOwner* owner) {
  const std::string digits = sha256_hex(owner == nullptr ? "offlab guest " + name : owner->lab + " guest " + name);
  return fmt::format("{}-{}-4{}-8{}-{}", digits.substr(0, 8), digits.substr(8, 4), digits.substr(12, 3),
                     digits.substr(15, 3), digits.substr(18, 12));
}

std::string domain_xml(const DomainSpec& spec, const DomainOwner* owner) {
  pugi::xml_document document;
  pugi::xml_node domain = document.append_child("domain");
  attribute(domain, "type", spec.accelerator == Accelerator::kvm ? "kvm" : "qemu");
  child(domain, "name", spec.name);
  child(domain, "uuid", domain_uuid(spec.name, owner));
  if (owner != nullptr) add_owner(domain, owner->lab);
  add_machine(domain, spec, owner == nullptr ? "" : owner->cpus);
  add_firmware_files(domain, spec);
  add_devices(domain, spec);
  if (owner != nullptr) add_security(domain, *owner);
  return text_of(document);
}

std::string memory_snapshot_xml(const DomainSpec& spec, const std::string& file) {
  pugi::xml_document document;
  pugi::xml_node snapshot = document.append_child("domainsnapshot");
  pugi::xml_node memory = child(snapshot, "memory");
  attribute(memory, "snapshot", "external");
  attribute(memory, "file", file);
  if (!spec.disk) return text_of(document);
  pugi::xml_node disks = child(snapshot, "disks");
  const auto leave_out = [&](const char* target) {
    pugi::xml_node disk = child(disks, "disk");
    attribute(disk, "name", target);
    attribute(disk, "snapshot", "no");
  };
  leave_out(overlay_target(*spec.disk));
  if (!spec.disk->seed.empty()) leave_out(seed_target(*spec.disk));
  return text_of(document);
}

}  // namespace offlab
