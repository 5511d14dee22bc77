#include "bundle/imitation.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace offlab {
namespace {

constexpr unsigned usual_mtu = 1500;
constexpr unsigned ipv4_and_tcp = 40;
constexpr unsigned ipv6_and_tcp = 60;

unsigned usual_segment(const SeenRouter& router) {
  return std::min(router.ingress_mtu.bytes, router.egress_mtu.bytes) - (router.ipv6 ? ipv6_and_tcp : ipv4_and_tcp);
}

// What coalesces, by class, as TOML. Each was proven by experiments (docs/hazards.md).
std::vector<std::string> settings_of(const SeenRouter& router) {
  const bool guest_coalesces = router.lro.value_or(false);
  switch (router.fault_class) {
    case FaultClass::lro_orphan_storm:
    case FaultClass::silent_refragmentation:
      if (guest_coalesces) return {R"("router.lro" = "on")"};
      return {R"("router.lro" = "off")", R"("hypervisor.lro" = "passthrough")"};
    case FaultClass::wrong_gso_size:
    case FaultClass::resegmentation:
      return {R"("router.lro" = "on")"};
    default:
      return {};
  }
}

// The way out is narrower than the way in where the driver's guess is to be wrong.
unsigned egress_mtu(const SeenRouter& router) {
  constexpr unsigned narrower = 100;
  if (router.fault_class == FaultClass::wrong_gso_size && router.egress_mtu.bytes >= router.ingress_mtu.bytes)
    return router.ingress_mtu.bytes - narrower;
  return router.egress_mtu.bytes;
}

std::string network(const char* name, const char* ipv4, const char* ipv6, unsigned mtu) {
  return fmt::format("[[network]]\nname = \"{}\"\nipv4 = \"{}\"\nipv6 = \"{}\"\nmtu = {}\n\n", name, ipv4, ipv6, mtu);
}

}  // namespace

SeenRouter router_seen_by(const std::string& name, FaultClass fault_class, const LegMeasurements& measured, bool ipv6,
                          Mtu ingress, Mtu egress) {
  SeenRouter router{.name = name,
                    .fault_class = fault_class,
                    .ipv6 = ipv6,
                    .ingress_mtu = ingress,
                    .egress_mtu = egress,
                    .lro = measured.ingress_lro};
  if (!measured.capture) return router;
  router.sends_df = measured.capture->data_without_df == 0;
  router.announced_segment = measured.capture->forwarding.announced_segment.value_or(0);
  return router;
}

std::string trouble_with_imitation(FaultClass fault_class) {
  switch (fault_class) {
    case FaultClass::healthy:
    case FaultClass::lro_orphan_storm:
    case FaultClass::wrong_gso_size:
    case FaultClass::silent_refragmentation:
    case FaultClass::resegmentation:
    case FaultClass::legit_pmtud:
      return "";
    default:
      return fmt::format("what causes {} is not in a capture: rules, queues and NICs of the router would be needed",
                         to_string(fault_class));
  }
}

std::string imitation_file(const SeenRouter& router) {
  std::string text = fmt::format(
      "name = \"{}\"\nsummary = \"A lab that imitates the router of the captures\"\n\n"
      "[measure]\nduration = \"3s\"\nwarmup = \"1s\"\n\n",
      router.name);
  text += network("wan", "198.18.2.0/24", "2001:2:0:2::/64", std::max(usual_mtu, router.ingress_mtu.bytes));
  text += network("lan", "198.18.1.0/24", "2001:2:0:1::/64", egress_mtu(router));
  text += fmt::format(
      "[[node]]\nname = \"router\"\nrole = \"router\"\ninterfaces = [ {{ network = \"lan\", model = \"vmxnet3\" }}, {{ "
      "network = \"wan\", model = \"vmxnet3\", mtu = {} }} ]\n\n",
      router.ingress_mtu.bytes);
  text +=
      "[[node]]\nname = \"client\"\nrole = \"client\"\ninterfaces = [ { network = \"lan\", model = \"virtio\" } ]\n";
  if (router.announced_segment > 0 && router.announced_segment < usual_segment(router))
    text += fmt::format("setup = [ \"ip {} advmss {}\" ]\n",
                        router.ipv6 ? "-6 route replace 2001:2:0:2::/64 via 2001:2:0:1::1"
                                    : "route replace 198.18.2.0/24 via 198.18.1.1",
                        router.announced_segment);
  text += fmt::format(
      "\n[[node]]\nname = \"server\"\nrole = \"server\"\ninterfaces = [ {{ network = \"wan\", model = \"virtio\" }} "
      "]\n\n"
      "[[flow]]\nname = \"download\"\nfrom = \"server\"\nto = \"client\"\nfamily = \"{}\"\ndf = {}\n\n"
      "[[case]]\nname = \"{}\"\nset = {{ {} }}\nexpect = \"{}\"\n",
      router.ipv6 ? "ipv6" : "ipv4", router.sends_df, router.name, fmt::join(settings_of(router), ", "),
      to_string(router.fault_class));
  return text;
}

}  // namespace offlab
