// A topology file of machines that exist.
#pragma once

#include <string_view>

namespace offlab {

inline constexpr std::string_view existing_file = R"(name = "mine"
[[network]]
name = "wan"
ipv4 = "203.0.113.0/24"
[[network]]
name = "lan"
ipv4 = "192.0.2.0/24"
[[node]]
name = "router"
role = "router"
provider = "existing"
interfaces = [
  { network = "wan", device = "ens192", ipv4 = "203.0.113.1", capture = { host = "kvm1", interface = "vnet7", user = "root" } },
  { network = "lan", device = "ens224.10", ipv4 = "192.0.2.1" },
]
[node.machine]
address = "router.example.net"
user = "admin"
key = "id_ed25519"
become = "sudo -n"
jump = ["ann@bastion:2222"]
[[node]]
name = "client"
role = "client"
provider = "existing"
interfaces = [ { network = "lan", device = "eth0", ipv4 = "192.0.2.2" } ]
machine = { address = "192.0.2.2", password_variable = "PASSWORD" }
[[node]]
name = "server"
role = "server"
provider = "existing"
interfaces = [ { network = "wan", device = "eth0", ipv4 = "203.0.113.2" } ]
machine = { address = "203.0.113.2" }
[[flow]]
name = "download"
from = "server"
to = "client"
[measure]
max_rate = "50mbit"
max_bytes = "200MB"
max_seconds = 10
)";

}  // namespace offlab
