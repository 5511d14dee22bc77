#include "record/disk_image_json.h"

#include "record/json_values.h"

namespace offlab {
namespace {

template <typename Names>
auto name_from(const json& object, const char* key, const Names& names) {
  return parsed(
      object.at(key), [&](const std::string& text) { return value_in(names, text); }, key);
}

}  // namespace

json guest_login_to_json(const GuestLogin& login) {
  return {{"user", login.user},
          {"key_file", login.key_file},
          {"password_file", login.password_file},
          {"password_variable", login.password_variable},
          {"sudo", login.sudo},
          {"port", login.port},
          {"host_keys", login.host_keys}};
}

GuestLogin guest_login_from_json(const json& object) {
  GuestLogin login;
  object.at("user").get_to(login.user);
  object.at("key_file").get_to(login.key_file);
  object.at("password_file").get_to(login.password_file);
  object.at("password_variable").get_to(login.password_variable);
  object.at("sudo").get_to(login.sudo);
  object.at("port").get_to(login.port);
  object.at("host_keys").get_to(login.host_keys);
  return login;
}

json machine_login_to_json(const MachineLogin& machine) {
  json object = {{"address", machine.address},
                 {"login", guest_login_to_json(machine.login)},
                 {"jumps", machine.jumps},
                 {"known_hosts", machine.known_hosts}};
  if (machine.system != SystemKind::gnu_linux) object["system"] = to_string(machine.system);
  return object;
}

MachineLogin machine_login_from_json(const json& object) {
  return {.address = object.at("address"),
          .login = guest_login_from_json(object.at("login")),
          .jumps = object.at("jumps"),
          .known_hosts = object.at("known_hosts"),
          .system = object.contains("system") ? parsed(object.at("system"), parse_system_kind, "system")
                                              : SystemKind::gnu_linux};
}

json disk_image_to_json(const DiskImage& image) {
  json nics = json::array();
  for (const GuestNic& nic : image.nics)
    nics.push_back({{"network", nic.network}, {"mac", nic.mac}, {"device", nic.device}});
  return {{"file", image.file},
          {"firmware", to_string(image.firmware)},
          {"bus", to_string(image.bus)},
          {"memory_mib", image.memory_mib},
          {"boot_seconds", image.boot_seconds},
          {"cloud_init", image.cloud_init},
          {"configure", to_string(image.configure)},
          {"nics", nics},
          {"login", guest_login_to_json(image.login)},
          {"management",
           {{"nic", to_string(image.management.model)},
            {"from", to_string(image.management.from)},
            {"address", image.management.address ? to_string(*image.management.address) : ""},
            {"length", image.management.length}}}};
}

DiskImage disk_image_from_json(const json& object) {
  DiskImage image;
  object.at("file").get_to(image.file);
  image.firmware = name_from(object, "firmware", firmware_names);
  image.bus = name_from(object, "bus", disk_bus_names);
  object.at("memory_mib").get_to(image.memory_mib);
  object.at("boot_seconds").get_to(image.boot_seconds);
  object.at("cloud_init").get_to(image.cloud_init);
  image.configure = name_from(object, "configure", configured_names);
  for (const json& nic : object.at("nics"))
    image.nics.push_back(
        {nic.at("network").get<std::string>(), nic.at("mac").get<std::string>(), nic.at("device").get<std::string>()});
  image.login = guest_login_from_json(object.at("login"));
  const json& management = object.at("management");
  image.management.model = parsed(management.at("nic"), parse_nic_model, "NIC model");
  image.management.from = name_from(management, "from", address_from_names);
  if (const std::string address = management.at("address"); !address.empty())
    image.management.address = parsed(management.at("address"), parse_address, "address");
  management.at("length").get_to(image.management.length);
  return image;
}

}  // namespace offlab
