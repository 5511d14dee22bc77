#include "selftest/mutations.h"

#include <algorithm>
#include <functional>

#include <fmt/core.h>

#include "base/error.h"
#include "base/json.h"
#include "capture/frame_edit.h"

namespace offlab {
namespace {

using Frames = std::vector<StoredFrame>;

bool is_data_out(const StoredFrame& frame) {
  return !frame.frame.to_guest && payload_of(frame) > 1000;
}

bool is_data_in(const StoredFrame& frame) {
  return frame.frame.to_guest && payload_of(frame) > 1000;
}

// The position of the `nth` such frame.
std::size_t find_frame(const Frames& frames, bool (*wanted)(const StoredFrame&), std::size_t nth) {
  for (std::size_t at = 0; at < frames.size(); ++at)
    if (wanted(frames[at]) && nth-- == 0) return at;
  throw Error("the recording is too short to be changed so");
}

constexpr std::size_t some = 200;  // well inside the transfer

StoredFrame& data_out(RecordedLeg& leg, std::size_t nth = some) {
  return leg.egress[find_frame(leg.egress, is_data_out, nth)];
}

// One counter of a "Name: a b c" / "Name: 1 2 3" pair, after the transfer.
void add_to_counter(RecordedLeg& leg, const std::string& node, const std::string& group, const std::string& name,
                    unsigned more) {
  std::string& text = leg.seen.after.nodes.at(node);
  if (text.find(group + ": ") == std::string::npos) {  // the kernel leaves out a group that has counted nothing
    const std::size_t next = text.find("Tcp: ");
    if (next == std::string::npos) throw Error(fmt::format("{} has no TCP counters", node));
    text.insert(next, fmt::format("{0}: {1}\n{0}: {2}\n", group, name, more));
    return;
  }
  const std::size_t names = text.find(group + ": ");
  const std::size_t values = text.find("\n" + group + ": ", names);
  if (values == std::string::npos) throw Error(fmt::format("{}'s counters of {} are damaged", node, group));
  const std::size_t column = text.find(" " + name, names);
  if (column > values) {  // as above, for one of them
    text.insert(text.find('\n', values + 1), fmt::format(" {}", more));
    text.insert(values, " " + name);
    return;
  }
  const auto words_before = std::count(text.begin() + static_cast<std::ptrdiff_t>(names),
                                       text.begin() + static_cast<std::ptrdiff_t>(column), ' ');
  std::size_t at = values + 1;
  for (std::ptrdiff_t word = 0; word <= words_before; ++word) at = text.find(' ', at) + 1;
  const std::size_t end = text.find_first_of(" \n", at);
  text.replace(at, end - at, std::to_string(std::stoul(text.substr(at, end - at)) + more));
}

void refuse(RecordedLeg& leg, std::size_t nth, std::uint32_t mtu) {
  const std::size_t at = find_frame(leg.ingress, is_data_in, nth);
  const auto& own = leg.intent.hops.at(0).addresses;
  const auto address =
      std::find_if(own.begin(), own.end(), [](const IpAddress& a) { return a.family == Family::ipv4; });
  if (address == own.end()) throw Error("the router has no IPv4 address");
  leg.ingress.insert(leg.ingress.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                     frag_needed_about(leg.ingress[at], {address->bytes.begin(), address->bytes.begin() + 4}, mtu));
  add_to_counter(leg, leg.intent.hops.at(0).hop.router, "Ip", "FragFails", 1);
  add_to_counter(leg, leg.intent.hops.at(0).hop.router, "IcmpMsg", "OutType3", 1);
  add_to_counter(leg, leg.intent.flow.from, "IcmpMsg", "InType3", 1);
}

// A recording of one second is too short for what takes a second.
void play_slowly(RecordedLeg& leg) {
  constexpr std::int64_t times = 5;
  for (Frames* frames : {&leg.ingress, &leg.egress})
    for (StoredFrame& frame : *frames) frame.frame.time_ns *= times;
}

// ---- one defect each ----

void no_superframes(RecordedLeg& leg) {
  leg.intent.hops.at(0).needs_merging = true;
  Frames cut;
  for (const StoredFrame& frame : leg.ingress)
    for (StoredFrame& segment : segments_of(frame)) cut.push_back(std::move(segment));
  leg.ingress = std::move(cut);
}

void ignored_egress_mtu(RecordedLeg& leg) {
  leg.intent.hops.at(0).egress_mtu = Mtu{1400};
}

void smaller_announced_segment(RecordedLeg& leg) {
  for (StoredFrame& frame : leg.egress)
    if (is_syn(frame) && frame.frame.to_guest) put_announced_segment(frame, 536);
}

void moved_boundary(RecordedLeg& leg) {
  StoredFrame& frame = data_out(leg);
  frame.frame.gso_size = static_cast<std::uint16_t>(frame.frame.gso_size - 48);
}

void lost_range(RecordedLeg& leg) {
  play_slowly(leg);
  const std::size_t first = find_frame(leg.egress, is_data_out, some);
  std::size_t left = 10;
  for (std::size_t at = first; left > 0 && at < leg.egress.size();)
    if (is_data_out(leg.egress[at])) {
      leg.egress.erase(leg.egress.begin() + static_cast<std::ptrdiff_t>(at));
      --left;
    } else {
      ++at;
    }
}

void lost_and_sent_again(RecordedLeg& leg) {
  constexpr std::int64_t later_ns = 20'000'000;
  const auto insert = [](Frames& frames, StoredFrame frame) {
    frame.frame.time_ns += later_ns;
    const auto behind =
        std::upper_bound(frames.begin(), frames.end(), frame,
                         [](const StoredFrame& a, const StoredFrame& b) { return a.frame.time_ns < b.frame.time_ns; });
    frames.insert(behind, std::move(frame));
  };
  for (std::size_t nth = 100; nth < 180; nth += 10) {
    const StoredFrame in = leg.ingress[find_frame(leg.ingress, is_data_in, nth)];
    const std::uint32_t begin = number_at(in.bytes, at_sequence, 4);
    const auto is_of_it = [&](const StoredFrame& frame) {
      return is_data_out(frame) && number_at(frame.bytes, at_sequence, 4) - begin < payload_of(in);
    };
    Frames out;
    std::copy_if(leg.egress.begin(), leg.egress.end(), std::back_inserter(out), is_of_it);
    std::erase_if(leg.egress, is_of_it);
    insert(leg.ingress, in);
    for (StoredFrame& frame : out) insert(leg.egress, std::move(frame));
  }
}

void sent_again(RecordedLeg& leg) {
  Frames more;
  std::size_t count = 0;
  for (const StoredFrame& frame : leg.ingress) {
    more.push_back(frame);
    if (is_data_in(frame) && ++count % 5 == 0) more.push_back(frame);
  }
  leg.ingress = std::move(more);
}

void wrong_advertised_mtu(RecordedLeg& leg) {
  refuse(leg, some, 1500);
}

void disobedient_sender(RecordedLeg& leg) {
  refuse(leg, 10, 1400);
}

void unaccounted_error(RecordedLeg& leg) {
  add_to_counter(leg, leg.intent.hops.at(0).hop.router, "IcmpMsg", "OutType3", 1);
}

void cleared_df(RecordedLeg& leg) {
  StoredFrame& frame = data_out(leg);
  put_number(frame.bytes, at_ip_flags, 2, 0);
  put_header_checksum(frame.bytes);
}

void fragmented(RecordedLeg& leg) {
  add_to_counter(leg, leg.intent.hops.at(0).hop.router, "Ip", "FragOKs", 10);
  add_to_counter(leg, leg.intent.hops.at(0).hop.router, "Ip", "FragCreates", 20);
}

void lowered_hop_limit(RecordedLeg& leg) {
  StoredFrame& frame = data_out(leg);
  --frame.bytes.at(at_hop_limit);
  put_header_checksum(frame.bytes);
}

void rewritten_window(RecordedLeg& leg) {
  StoredFrame& frame = data_out(leg);
  put_number(frame.bytes, at_window, 2, number_at(frame.bytes, at_window, 2) ^ 0x40U);
}

void rewritten_options(RecordedLeg& leg) {
  data_out(leg).bytes.at(at_options + 4) ^= 1U;
}

void marked_traffic_class(RecordedLeg& leg) {
  StoredFrame& frame = data_out(leg);
  frame.bytes.at(at_ip + 1) ^= 0x20U;
  put_header_checksum(frame.bytes);
}

void window_on_the_way_back(RecordedLeg& leg) {
  for (StoredFrame& frame : leg.ingress)
    if (!frame.frame.to_guest && is_tcp(frame) && payload_of(frame) == 0 && !is_syn(frame))
      put_number(frame.bytes, at_window, 2, number_at(frame.bytes, at_window, 2) / 2);
}

void duplicated_packet(RecordedLeg& leg) {
  const std::size_t at = find_frame(leg.egress, is_data_out, some);
  leg.egress.insert(leg.egress.begin() + static_cast<std::ptrdiff_t>(at) + 1, leg.egress[at]);
}

// Each of them changes places with the frame of data after it.
void swapped_frames(RecordedLeg& leg) {
  for (std::size_t nth = 100; nth < 160; nth += 10) {
    StoredFrame& one = data_out(leg, nth);
    StoredFrame& other = data_out(leg, nth + 1);
    std::swap(one.bytes, other.bytes);
    std::swap(one.frame, other.frame);
    std::swap(one.frame.time_ns, other.frame.time_ns);
    // Both after they came in.
    one.frame.time_ns = other.frame.time_ns;
  }
}

void broken_header_checksum(RecordedLeg& leg) {
  data_out(leg).bytes.at(at_header_checksum) ^= 1U;
}

void counted_checksum_errors(RecordedLeg& leg) {
  add_to_counter(leg, leg.intent.flow.to, "Tcp", "InCsumErrors", 5);
}

void counted_retransmissions(RecordedLeg& leg) {
  add_to_counter(leg, leg.intent.flow.from, "Tcp", "RetransSegs", 5000);
}

void slow_transfer(RecordedLeg& leg) {
  auto document = nlohmann::json::parse(leg.seen.transfer.client_json);
  for (auto& interval : document.at("intervals"))
    interval.at("sum").at("bits_per_second") = interval.at("sum").at("bits_per_second").get<double>() / 10;
  leg.seen.transfer.client_json = document.dump();
}

void changed_offload(RecordedLeg& leg) {
  std::string& text = leg.seen.after.nodes.at(leg.intent.hops.at(0).hop.router);
  const std::size_t at = text.find("generic-receive-offload");
  const std::size_t on = text.find("\"active\": true", at);
  if (at == std::string::npos || on == std::string::npos) throw Error("the recording has no generic-receive-offload");
  text.replace(on, 14, "\"active\": false");
}

void complaint_of_the_kernel(RecordedLeg& leg) {
  std::string& text = leg.seen.after.nodes.at(leg.intent.hops.at(0).hop.router);
  const std::size_t end = text.rfind("==> end <==");
  if (end == std::string::npos) throw Error("the recording has no end");
  text.insert(end, "[   99.000000] wan: bad gso: type: 1, size: 1448\n");
}

// For 1.2 s the receiver acknowledges nothing new.
void stalled_receiver(RecordedLeg& leg) {
  constexpr std::int64_t gap_ns = 1'200'000'000;
  play_slowly(leg);
  const std::int64_t begin = leg.ingress[find_frame(leg.ingress, is_data_in, some)].frame.time_ns;
  for (Frames* frames : {&leg.ingress, &leg.egress}) {
    const bool towards_sender = frames == &leg.egress;
    std::uint32_t held = 0;
    for (StoredFrame& frame : *frames) {
      if (!is_tcp(frame) || payload_of(frame) > 0 || frame.frame.to_guest != towards_sender || is_syn(frame)) continue;
      if (number_at(frame.bytes, at_ip_length, 2) != 52) continue;
      if (frame.frame.time_ns < begin || held == 0)
        held = number_at(frame.bytes, at_acknowledgement, 4);
      else if (frame.frame.time_ns < begin + gap_ns)
        put_number(frame.bytes, at_acknowledgement, 4, held);
    }
  }
}

}  // namespace

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> all = {
      {"no-superframes", Invariant::stimulus_present, "every coalesced packet at A is split", no_superframes},
      {"ignored-egress-mtu", Invariant::egress_size, "the egress MTU is 1400, packets of 1500 leave",
       ignored_egress_mtu},
      {"smaller-announced-mss", Invariant::mss_respected, "the receiver announces an MSS of 536",
       smaller_announced_segment},
      {"moved-boundary", Invariant::segment_boundaries, "one coalesced packet leaves with segments 48 B smaller",
       moved_boundary},
      {"lost-range",
       Invariant::coverage,
       "ten frames never leave, and are acknowledged all the same",
       lost_range,
       {Invariant::forwarding_loss}},
      {"lost-and-sent-again", Invariant::forwarding_loss,
       "eight frames do not leave, and do when they are retransmitted", lost_and_sent_again},
      {"sent-again",
       Invariant::amplification,
       "every fifth frame enters the router twice, and leaves once",
       sent_again,
       {Invariant::forwarding_loss}},
      {"wrong-advertised-mtu", Invariant::bogus_frag_needed, "an error tells an MTU of 1500 about packets of 1500",
       wrong_advertised_mtu},
      {"disobedient-sender", Invariant::pmtud_convergence, "an error tells an MTU of 1400, packets of 1500 go on",
       disobedient_sender},
      {"unaccounted-error", Invariant::icmp_accounting, "the router counts an error that nobody saw",
       unaccounted_error},
      {"cleared-df", Invariant::df_preserved, "one packet leaves without DF", cleared_df},
      {"fragmented", Invariant::df_preserved, "the router counts fragments that it made", fragmented},
      {"lowered-ttl", Invariant::header_transparency, "one packet leaves with a TTL two less", lowered_hop_limit},
      {"rewritten-window", Invariant::header_transparency, "one packet leaves with another window", rewritten_window},
      {"rewritten-options", Invariant::header_transparency, "one packet leaves with other TCP options",
       rewritten_options},
      {"rewritten-tos", Invariant::header_transparency, "one packet leaves with another DSCP", marked_traffic_class},
      {"rewritten-window-back", Invariant::header_transparency, "acknowledgements leave with half their window",
       window_on_the_way_back},
      {"duplicated-packet", Invariant::duplicates, "one frame leaves twice", duplicated_packet},
      {"swapped-frames", Invariant::reordering, "six frames change places with the ones after them", swapped_frames},
      {"broken-ip-checksum", Invariant::integrity, "one packet leaves with a wrong IP header checksum",
       broken_header_checksum},
      {"tcp-checksum-errors", Invariant::integrity, "the receiver counts TCP checksum errors", counted_checksum_errors},
      {"retransmissions", Invariant::retransmits, "the sender counts 5000 more retransmissions",
       counted_retransmissions},
      {"slow-transfer", Invariant::throughput_floor, "a tenth of the goodput", slow_transfer},
      {"changed-offload", Invariant::state_held, "GRO of the router is off after the transfer", changed_offload},
      {"kernel-complaint", Invariant::kernel_log, "the router's kernel logs 'bad gso'", complaint_of_the_kernel},
      {"stalled-receiver", Invariant::liveness, "nothing new is acknowledged for 1.2 s", stalled_receiver},
  };
  return all;
}

}  // namespace offlab
