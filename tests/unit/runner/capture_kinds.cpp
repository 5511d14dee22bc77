#include "unit/runner/capture_kinds.h"

#include <algorithm>
#include <utility>

#include "capture/frame_edit.h"
#include "unit/runner/changed_frames.h"
#include "unit/runner/encapsulated_frames.h"
#include "unit/runner/other_flows.h"

namespace offlab {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;

using Files = std::vector<CaptureContent>;
using Kinds = std::vector<CaptureKind>;
using ChangeFrames = std::function<Frames(const Frames&)>;

Frames same(const Frames& frames) {
  return frames;
}

CaptureContent file_of(Frames frames) {
  return {std::move(frames), 1, 0};
}

CaptureContent file_of(LinkFrames link) {
  return {std::move(link.frames), link.link_type, 0};
}

// Two files, each changed.
auto both(const ChangeFrames& wan, const ChangeFrames& lan) {
  return [=](const CapturedPair& pair) { return Files{file_of(wan(pair.wan)), file_of(lan(pair.lan))}; };
}

auto both(const ChangeFrames& change) {
  return both(change, change);
}

// A change for both sides, or for one of them.
void add_for_sides(Kinds& kinds, const std::string& group, const std::string& name, const ChangeFrames& change) {
  kinds.push_back({group, name + ", both", both(change)});
  kinds.push_back({group, name + ", before", both(change, same)});
  kinds.push_back({group, name + ", behind", both(same, change)});
}

void add_as_they_are(Kinds& kinds) {
  const std::string group = "as they are";
  kinds.push_back({group, "both files", both(same)});
  kinds.push_back({group, "in the other order", [](const CapturedPair& pair) {
                     return Files{file_of(pair.lan), file_of(pair.wan)};
                   }});
  kinds.push_back(
      {group, "before the router alone", [](const CapturedPair& pair) { return Files{file_of(pair.wan)}; }});
  kinds.push_back({group, "behind it alone", [](const CapturedPair& pair) { return Files{file_of(pair.lan)}; }});
}

void add_early_ends(Kinds& kinds) {
  const std::string group = "one file ends early";
  for (const int percent : {25, 50, 75}) {
    const auto part = [=](const Frames& frames) { return first_part(frames, percent / 100.0); };
    kinds.push_back({group, "behind, after " + std::to_string(percent) + " %", both(same, part)});
    kinds.push_back({group, "before, after " + std::to_string(percent) + " %", both(part, same)});
  }
  kinds.push_back({group, "nothing leaves from half on",
                   [](const CapturedPair& pair) {
                     const CapturedPair stopped = stopped_router(pair);
                     return Files{file_of(stopped.wan), file_of(stopped.lan)};
                   },
                   true});
}

// Both sides in one pcapng.
CaptureContent two_interfaces(Frames frames) {
  return {std::move(frames), 1, 2};
}

void add_single_files(Kinds& kinds) {
  const std::string group = "both sides in one file";
  const auto add = [&](const std::string& name, const std::function<CaptureContent(const CapturedPair&)>& convert) {
    kinds.push_back({group, name, [=](const CapturedPair& pair) { return Files{convert(pair)}; }});
  };
  add("pcap", [](const CapturedPair& pair) { return file_of(merged({pair.wan, pair.lan})); });
  add("any device, SLL", [](const CapturedPair& pair) { return file_of(on_cooked(merged({pair.wan, pair.lan}))); });
  add("any device, SLL2", [](const CapturedPair& pair) {
    return file_of(LinkFrames{276, merged({on_cooked_2(pair.wan, 2).frames, on_cooked_2(pair.lan, 3).frames})});
  });
  add("pcapng, two interfaces", [](const CapturedPair& pair) {
    return two_interfaces(merged({of_interface(pair.wan, 0), of_interface(pair.lan, 1)}));
  });
  add("pcapng, one after the other", [](const CapturedPair& pair) {
    Frames frames = of_interface(pair.wan, 0);
    const Frames behind = of_interface(pair.lan, 1);
    frames.insert(frames.end(), behind.begin(), behind.end());
    return two_interfaces(frames);
  });
  add("two VLANs", [](const CapturedPair& pair) {
    return file_of(merged({with_vlan(pair.wan, 10), with_vlan(pair.lan, 20)}));
  });
  add("pcap, each frame twice", [](const CapturedPair& pair) {
    return file_of(repeated(merged({pair.wan, pair.lan}), 2));
  });
  for (const unsigned times : {2U, 3U, 4U})
    add_for_sides(kinds, "frames several times", "each " + std::to_string(times) + " times",
                  [=](const Frames& frames) { return repeated(frames, times); });
}

void add_clocks(Kinds& kinds) {
  const std::string group = "clocks";
  const std::vector<std::pair<std::string, std::int64_t>> shifts = {
      {"0.5 ms", millisecond / 2}, {"20 ms", 20 * millisecond}, {"5 s", 5 * second}, {"1 h", 3600 * second}};
  for (const auto& [name, by] : shifts)
    for (const int sign : {-1, 1}) {
      const auto shift = [by = by * sign](const Frames& frames) { return shifted(frames, by); };
      kinds.push_back({group, std::string("behind, ") + (sign < 0 ? "-" : "+") + name, both(same, shift)});
    }
  kinds.push_back({group, "behind, 100 ppm", both(same, [](const Frames& frames) { return drifted(frames, 100); })});
}

void add_other_spans(Kinds& kinds) {
  const std::string group = "other times";
  // Where a transfer is shorter, a third of it.
  const auto a_while = [](const TransferTimes& times) {
    return std::min(300 * millisecond, (times.end_ns - times.begin_ns) / 3);
  };
  const auto later = [=](const Frames& frames) {
    const TransferTimes times = transfer_times(frames);
    return begun_at(frames, times.begin_ns + a_while(times));
  };
  const auto earlier = [=](const Frames& frames) {
    const TransferTimes times = transfer_times(frames);
    return ended_at(frames, times.end_ns - a_while(times));
  };
  add_for_sides(kinds, group, "began 0.3 s later", later);
  add_for_sides(kinds, group, "ended 0.3 s earlier", earlier);
}

void add_losses(Kinds& kinds) {
  for (const int percent : {1, 5}) {
    const auto lose = [=](unsigned seed) {
      return [=](const Frames& frames) { return with_losses(frames, percent / 100.0, seed); };
    };
    const std::string name = std::to_string(percent) + " % of the frames missing";
    kinds.push_back({"losses of the capture", name + ", before", both(lose(1), same)});
    kinds.push_back({"losses of the capture", name + ", behind", both(same, lose(2))});
    kinds.push_back({"losses of the capture", name + ", both", both(lose(1), lose(2))});
  }
}

void add_snap_lengths(Kinds& kinds) {
  for (const std::size_t length : {54U, 60U, 64U, 68U, 80U, 96U, 128U})
    kinds.push_back({"snap length", std::to_string(length) + " bytes",
                     both([=](const Frames& frames) { return cut_at(frames, length); })});
}

void add_filters(Kinds& kinds) {
  const std::string group = "filters";
  const auto keep = [](const IsWanted& is_wanted) {
    return [=](const Frames& frames) { return only(frames, is_wanted); };
  };
  const auto drop = [](const IsWanted& is_unwanted) {
    return [=](const Frames& frames) { return without(frames, is_unwanted); };
  };
  add_for_sides(kinds, group, "only from the sender", keep(sent_by_sender));
  add_for_sides(kinds, group, "only to the sender", drop(sent_by_sender));
  kinds.push_back({group, "only what the router sends", both(keep(sent_by_router))});
  kinds.push_back({group, "only what the router gets", both(drop(sent_by_router))});
  kinds.push_back({group, "no ICMP", both(drop(is_icmp_error))});
  kinds.push_back({group, "ICMP cut to 8 bytes", both(with_cut_errors)});
  kinds.push_back({group, "ICMP of 8 bytes", both(with_short_errors)});
  kinds.push_back({group, "only ICMP", both(keep(is_icmp_error)), false, true});
  kinds.push_back({group, "only merged data, behind", both(same, drop([](const StoredFrame& frame) {
                                                             return carries_data(frame) && frame.frame.length <= 1514;
                                                           }))});
}

void add_strange_order(Kinds& kinds) {
  const std::string group = "order";
  add_for_sides(kinds, group, "up to 50 ms",
                [](const Frames& frames) { return disordered(frames, 50 * millisecond, 1); });
  add_for_sides(kinds, group, "another flow 2 s back",
                [](const Frames& frames) { return with_strangers(frames, -2 * second, 0); });
  kinds.push_back({group, "another interface 5 s off", [](const CapturedPair& pair) {
                     return Files{two_interfaces(with_strangers(pair.wan, 5 * second, 1)),
                                  two_interfaces(with_strangers(pair.lan, -5 * second, 1))};
                   }});
}

void add_other_flows(Kinds& kinds) {
  const std::string group = "other flows";
  kinds.push_back({group, "a bigger healthy one of the same sender", [](const CapturedPair& pair) {
                     const CapturedPair more = with_bigger_flow(pair);
                     return Files{file_of(more.wan), file_of(more.lan)};
                   }});
  kinds.push_back({group, "errors of another one", both(with_errors_of_another_flow, same)});
}

void add_tunnels(Kinds& kinds) {
  const std::string group = "tunnels and tags";
  const std::vector<std::pair<std::string, Frames (*)(Frames)>> all = {
      {"VXLAN", in_vxlan},         {"Geneve", in_geneve},     {"GRE", in_gre},
      {"gretap", in_gretap},       {"ERSPAN I", in_erspan_1}, {"ERSPAN II", in_erspan_2},
      {"ERSPAN III", in_erspan_3}, {"TZSP", in_tzsp},         {"MPLS", in_mpls},
      {"IPIP, 6in4", in_ipv4},     {"PPPoE", in_pppoe},       {"QinQ 0x9100", with_two_vlans},
      {"LLC/SNAP", in_snap},
  };
  for (const auto& [name, encapsulate] : all)
    kinds.push_back({group, name, both([=, change = encapsulate](const Frames& frames) { return change(frames); })});
}

void add_links(Kinds& kinds) {
  const std::vector<std::pair<std::string, LinkFrames (*)(const Frames&)>> all = {
      {"raw IP", on_raw_ip}, {"PPP", on_ppp},           {"Cisco HDLC", on_cisco_hdlc},
      {"NFLOG", on_nflog},   {"loopback", on_loopback}, {"Linux cooked", on_cooked},
  };
  for (const auto& [name, put_on_link] : all)
    kinds.push_back({"links", name, [change = put_on_link](const CapturedPair& pair) {
                       return Files{file_of(change(pair.wan)), file_of(change(pair.lan))};
                     }});
}

void add_ip_lengths(Kinds& kinds) {
  const std::string group = "IP length 0";
  const auto zero = [](std::uint32_t longer_than, bool with_checksum) {
    return both([=](const Frames& frames) { return without_ip_length(frames, longer_than, with_checksum); });
  };
  kinds.push_back({group, "in frames longer than 1514", zero(1514, true)});
  kinds.push_back({group, "in those, and no checksum", zero(1514, false)});
  kinds.push_back({group, "in all", zero(0, true)});
}

Kinds make_kinds() {
  Kinds kinds;
  for (const auto add :
       {add_as_they_are, add_early_ends, add_single_files, add_clocks, add_other_spans, add_losses, add_snap_lengths,
        add_filters, add_other_flows, add_strange_order, add_tunnels, add_links, add_ip_lengths})
    add(kinds);
  return kinds;
}

}  // namespace

const std::vector<CaptureKind>& capture_kinds() {
  static const Kinds kinds = make_kinds();
  return kinds;
}

}  // namespace offlab
