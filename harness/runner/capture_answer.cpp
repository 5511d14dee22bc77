#include "runner/capture_answer.h"

#include <algorithm>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/number_words.h"
#include "base/units.h"
#include "verdict/classify.h"
#include "verdict/diagnosis.h"

namespace offlab {
namespace {

std::string bytes_words(std::uint64_t bytes) {
  return to_string(ByteCount{bytes});
}

// What a capture is about, and what may be said of it.
class Words {
 public:
  Words(const JudgedCaptures& judged, const AssumedRouter& router)
      : judged_(judged),
        router_(router),
        sender_(to_string(judged.flow.source)),
        receiver_(to_string(judged.flow.destination)) {}

  CaptureAnswer answer() {
    CaptureAnswer answer;
    answer.headline = headline();
    if (judged_.has_flow) answer.flow = words_of(judged_.flow);
    answer.files.push_back(judged_.ingress);
    if (judged_.egress && !judged_.both_in_one) answer.files.push_back(*judged_.egress);
    answer.facts = facts();
    answer.assumptions = assumptions();
    answer.findings = judged_.verdict.findings;
    for (const Finding& finding : answer.findings)
      if (has_seen_nothing(finding)) answer.unseen.push_back(finding.invariant);
    answer.not_judged = judged_.verdict.not_judged;
    answer.measured = judged_.measured;
    answer.outcome = judged_.verdict.outcome;
    answer.classes = judged_.verdict.classes;
    answer.undecided = judged_.verdict.undecided;
    answer.missing = missing();
    if (answer.outcome == Outcome::fail)
      for (const FaultClass fault : answer.classes)
        answer.diagnoses.push_back({fault, diagnose(fault, &judged_.measured)});
    return answer;
  }

 private:
  const CaptureMeasurements& seen() const {
    static const CaptureMeasurements none;
    return judged_.measured.capture ? *judged_.measured.capture : none;
  }
  const CaptureSigns& signs() const { return judged_.signs; }
  const CaptureVerdict& verdict() const { return judged_.verdict; }
  bool is_class(FaultClass fault) const {
    const auto& all = verdict().classes;
    return std::find(all.begin(), all.end(), fault) != all.end();
  }
  bool has_failed(Invariant invariant) const { return offlab::has_failed(verdict().findings, invariant); }
  bool has_returns() const { return signs().returned_before + signs().returned_behind > 0; }
  bool is_alone() const { return !judged_.egress; }

  // Passes that say nothing: what they are about was not in the captures.
  bool has_seen_nothing(const Finding& finding) const {
    if (finding.invariant == Invariant::stimulus_present) return true;
    if (finding.outcome != Outcome::pass || finding.warning) return false;
    if (finding.invariant == Invariant::pmtud_convergence) return seen().honest == 0;
    // A filter may have kept ICMP out of the capture of a fault.
    if (finding.invariant == Invariant::bogus_frag_needed)
      return signs().returned_before == 0 || (signs().icmp_frames == 0 && verdict().outcome == Outcome::fail);
    if (finding.invariant == Invariant::liveness) return seen().acked_bytes == 0;
    return false;
  }

  // The errors to the sender that are most of all.
  const SurveyedRefusals* main_refusals() const {
    const SurveyedRefusals* most = nullptr;
    for (const SurveyedRefusals& one : judged_.refusals)
      if ((!judged_.has_flow || one.to == judged_.flow.source) && (most == nullptr || one.count > most->count))
        most = &one;
    return most;
  }

  // Who sends the errors.
  std::string refuser(const SurveyedRefusals& one) const {
    const std::string address = to_string(one.from);
    if (judged_.has_flow && one.from == judged_.flow.destination)
      return fmt::format("The receiver {} itself (or a load balancer that has its address)", address);
    return "Router " + address;
  }

  static std::string error_words(const SurveyedRefusals& one) {
    const bool v6 = one.from.family == Family::ipv6;
    return fmt::format("\"{}, MTU {}\"", v6 ? "packet too big" : "fragmentation needed", one.mtu);
  }

  std::string refusal_words(const SurveyedRefusals& one) const {
    std::string text =
        fmt::format("{} sends {} {} to {}", refuser(one), error_words(one), times_words(one.count), to_string(one.to));
    if (one.largest_quoted != 0)
      text += fmt::format(", for packets of {} bytes", range_words(one.smallest_quoted, one.largest_quoted));
    return text;
  }

  std::string headline() const {
    if (!judged_.has_flow) return without_flow();
    if (is_loopback(judged_.flow))
      return fmt::format("{} talks to itself: there is no router between sender and receiver.", sender_);
    if (verdict().outcome == Outcome::fail) return what_is_wrong();
    if (verdict().outcome == Outcome::pass) return what_is_right();
    return what_is_open();
  }

  std::string without_flow() const {
    const CaptureOverview& capture = judged_.captures.at(0);
    if (const SurveyedRefusals* one = main_refusals())
      return refusal_words(*one) + ". The packets that it refuses are not in the capture.";
    return fmt::format("{} TCP frames are cut off inside of their headers, at {} bytes: nothing can be told.",
                       capture.tcp_cut_off, capture.snap_length);
  }

  std::string coalesced_where() const {
    if (signs().longest_frame > judged_.intent.hops.at(0).ingress_mtu.bytes)
      return fmt::format(" They are coalesced already where the capture was made (frames of up to {} bytes).",
                         signs().longest_frame);
    return " They are not coalesced yet where the capture was made: it happens between there and the router's IP "
           "layer.";
  }

  std::string what_is_wrong() const {
    const SurveyedRefusals* errors = main_refusals();
    if (has_failed(Invariant::bogus_frag_needed) && errors != nullptr) {
      if (is_class(FaultClass::wrong_gso_size) && !is_class(FaultClass::lro_orphan_storm))
        return fmt::format(
            "{} sends {} {} to {}, whose packets already fit: its NIC driver coalesces them and guesses a "
            "segment size that is too large for the way out.",
            refuser(*errors), error_words(*errors), times_words(seen().bogus), sender_);
      return fmt::format(
          "{} sends {} {} for packets that {} already sent with at most {} bytes: something below the "
          "router coalesces them, and it refuses the coalesced packets ({} bytes).{}",
          refuser(*errors), error_words(*errors), times_words(seen().bogus), sender_, errors->mtu,
          range_words(seen().smallest_quoted_length, seen().largest_quoted_length), coalesced_where());
    }
    if (is_class(FaultClass::silent_size_drop)) return silent_loss();
    if (is_class(FaultClass::pmtud_blackhole) && errors != nullptr)
      return fmt::format(
          "{} sends {} {} to {}, which goes on sending longer packets: the errors do not reach it, or it "
          "ignores them.",
          refuser(*errors), error_words(*errors), times_words(seen().frag_needed), sender_);
    if (is_class(FaultClass::silent_refragmentation))
      return fmt::format(
          "The router sends {} IP fragments for packets that {} sent with at most {} bytes: something "
          "below the router coalesces them, and it cuts the coalesced packets into fragments.{}",
          seen().egress_fragments, sender_, judged_.intent.hops.at(0).ingress_mtu.bytes, coalesced_where());
    if (has_failed(Invariant::coverage)) {
      const std::uint64_t lost = seen().forwarding.lost_bytes;
      return fmt::format("{} of {} that came to the router did not leave it: it loses packets of any size.",
                         bytes_words(lost), bytes_words(lost + seen().acked_bytes));
    }
    for (const Finding& finding : verdict().findings)
      if (finding.outcome == Outcome::fail)
        return fmt::format("The router breaks {}: {}.", to_string(finding.invariant), finding.text);
    return "The router is at fault.";
  }

  std::string silent_loss() const {
    const std::uint64_t merged = totals_of(seen().forwarding.passages).coalesced.lost;
    const std::string errors = signs().icmp_frames > 0 ? "no error is sent" : "no ICMP error is in the capture";
    if (has_failed(Invariant::liveness) && signs().stall.sent_again > 0 && !signs().stall.seen_behind &&
        (merged == 0 || !drops_by_size(seen().forwarding.passages)))
      return fmt::format(
          "From {:.3f} s on nothing that {} retransmits leaves the router ({} bytes and what follows, {} in {:.1f} "
          "s), and {}.",
          signs().stall.begin, sender_, signs().stall.bytes, times_words(signs().stall.sent_again),
          signs().stall.seconds, errors);
    if (merged > 0)
      return fmt::format(
          "{} coalesced frames of up to {} bytes came to the router and did not leave it, while single "
          "packets do; {}.",
          merged, signs().longest_frame, errors);
    return fmt::format("Long packets come to the router and do not leave it, while short ones do; {}.", errors);
  }

  std::string what_is_right() const {
    if (is_class(FaultClass::legit_pmtud)) {
      const SurveyedRefusals* errors = main_refusals();
      return fmt::format("Path MTU discovery works: {} sent {} {}, and {} obeyed. Nothing else is wrong.",
                         errors == nullptr ? "a router" : refuser(*errors),
                         errors == nullptr ? "an error" : error_words(*errors), times_words(seen().honest), sender_);
    }
    return fmt::format("In these captures the router loses and changes nothing: {} came to it and left it.",
                       bytes_words(seen().data_payload_bytes));
  }

  std::string what_is_open() const {
    const CaptureSigns& s = signs();
    if (seen().frag_needed == 0 && s.unquoted == 0 && seen().data_frames == 0 && !is_alone())
      return one_direction_each();
    if (const SurveyedRefusals* errors = main_refusals(); errors != nullptr && seen().honest == 0)
      return open_errors(*errors);
    if (!has_returns())
      return fmt::format("Only what {} sends is in the capture: nothing can be told without the answers.", sender_);
    if (seen().data_frames == 0) return fmt::format("No data of {} is in the capture before the router.", sender_);
    if (const std::string silence = why_silent(); !silence.empty()) return silence;
    constexpr std::uint64_t few = 10;
    if (seen().data_frames < few && is_alone())
      return fmt::format("{} of data in {} is too little to tell anything; nothing wrong is seen in it.",
                         bytes_words(seen().data_payload_bytes), count_of(seen().data_frames, "frame", "frames"));
    if (s.sent_again > 0 && is_alone())
      return fmt::format(
          "{} sent {} of {} data frames again: something behind this capture loses packets, and one capture "
          "does not tell what. No packet was refused.",
          sender_, s.sent_again, seen().data_frames);
    if (is_alone())
      return fmt::format(
          "Nothing wrong on this side of the router: no packet was refused, and what {} sent was "
          "acknowledged. What left the router is not in the capture.",
          sender_);
    return "Nothing wrong is seen, but the captures do not show all: " + verdict().undecided + ".";
  }

  std::string one_direction_each() const {
    if (signs().returned_before + signs().returned_behind == 0)
      return fmt::format("No data of {} is in the capture before the router.", sender_);
    const bool first = judged_.captures.front().judged.data_frames > 0;
    const CaptureOverview& data = first ? judged_.captures.front() : judged_.captures.back();
    const CaptureOverview& answers = first ? judged_.captures.back() : judged_.captures.front();
    return fmt::format("{} has only what {} sends, {} only the answers: nothing can be compared.", data.name, sender_,
                       answers.name);
  }

  std::string open_errors(const SurveyedRefusals& errors) const {
    std::string text = refusal_words(errors);
    text += errors.unquoted > 0 ? ". What it refuses is cut off in the capture"
                                : ". The packets that it refuses are not in the capture";
    const std::uint32_t longest = std::max(errors.largest_quoted, signs().longest_frame);
    if (longest > std::max(errors.mtu, judged_.intent.hops.at(0).ingress_mtu.bytes))
      text += fmt::format(
          "; packets of {} bytes are coalesced ones where the sender's MTU is {} (lro-orphan-storm is "
          "likely, but not proven). With a larger MTU there this is path MTU discovery: see ip link on {}",
          longest, judged_.intent.hops.at(0).ingress_mtu.bytes, to_string(errors.to));
    return text + ".";
  }

  bool is_window_closed() const {
    constexpr double long_time = 1;
    return verdict().outcome == Outcome::inconclusive && signs().zero_windows > 0 &&
           (signs().window_closed_seconds > long_time || signs().pause.window_closed);
  }

  // Why nothing was acknowledged for long; empty when that was not so.
  std::string why_silent() const {
    constexpr double long_time = 1;
    const CaptureSigns& s = signs();
    if (is_window_closed())
      return fmt::format(
          "The receiver {} does not read: it announced a window of zero {}, for {:.1f} s together. That is "
          "not the router.",
          receiver_, times_words(s.zero_windows), s.window_closed_seconds);
    if (s.stall.seconds > long_time && s.stall.sent_again > 0)
      return fmt::format(
          "{} sent the same {} bytes again {} in {:.1f} s (frame {}, at {:.3f} s) and nothing new was "
          "acknowledged: they are lost behind this capture, or the acknowledgements are.",
          sender_, s.stall.bytes, times_words(s.stall.sent_again), s.stall.seconds, s.stall.number, s.stall.begin);
    if (s.pause.seconds > long_time && s.pause.number != 0)
      return fmt::format(
          "Nothing new was acknowledged for {:.1f} s (from {:.3f} s on), and {} sent nothing again: a pause, "
          "or the capture lost frames. Nothing points at the router.",
          s.pause.seconds, s.pause.begin, sender_);
    if (s.keep_alives > 0 && seen().data_payload_bytes < 100)
      return fmt::format("The connection is idle: {} keep-alives of {}, each answered.", s.keep_alives, sender_);
    return {};
  }

  static std::string when(double seconds_since_epoch) {
    if (seconds_since_epoch <= 0 || seconds_since_epoch > 1e11) return "";
    return fmt::format(" from {:%F %T} UTC", fmt::gmtime(static_cast<std::time_t>(seconds_since_epoch)));
  }

  void add_captures(std::vector<CaptureFact>& facts) const {
    for (std::size_t at = 0; at < judged_.captures.size(); ++at) {
      const CaptureOverview& one = judged_.captures[at];
      const bool alone = judged_.captures.size() == 1;
      std::string text =
          fmt::format("{}: {} frames, {:.3f} s{}", one.name, one.frames, one.seconds, when(one.begin_seconds));
      if (one.snap_length != 0) text += fmt::format(", cut at {} bytes", one.snap_length);
      if (!one.inside.empty()) text += ", TCP inside " + one.inside;
      if (one.copies > 1) text += fmt::format(", each frame {} times (counted once)", one.copies);
      facts.push_back({judged_.both_in_one ? "both sides" : alone ? "capture" : at == 0 ? "before" : "behind", text});
    }
    if (judged_.has_flow && judged_.order_is_known && !judged_.sides.empty()) facts.push_back({"sides", judged_.sides});
    if (!judged_.order_is_known)
      facts.push_back(
          {"sides",
           "nothing tells which capture is before the router; they are taken in the order of the command line"});
    if (judged_.clock.is_corrected)
      facts.push_back({"clock", fmt::format("the one behind the router is {} (from {} packets that both sides have): "
                                            "this difference is taken out",
                                            describe(judged_.clock), judged_.clock.compared)});
  }

  void add_transfer(std::vector<CaptureFact>& facts) const {
    const CaptureMeasurements& s = seen();
    const CaptureOverview& with_data =
        judged_.captures.at(0).judged.payload_bytes == 0 ? judged_.captures.back() : judged_.captures.front();
    const JudgedShare& share = with_data.judged;
    const std::uint64_t all = with_data.payload_bytes;
    std::string judged = fmt::format("{}, {} of data", count_of(share.connections, "connection", "connections"),
                                     bytes_words(share.payload_bytes));
    if (all > 0)
      judged += fmt::format(" ({:.0f} % of the TCP data in the capture)",
                            100.0 * static_cast<double>(share.payload_bytes) / static_cast<double>(all));
    facts.push_back({"judged", judged});
    if (s.data_frames == 0) return;
    std::string text = fmt::format(
        "{:.3f} s, {}", s.seconds,
        has_returns() ? bytes_words(s.acked_bytes) + " acknowledged" : "no acknowledgement is in the capture");
    constexpr double long_enough = 0.1;
    if (s.seconds > long_enough && has_returns())
      text += fmt::format(" ({})", to_string(BitRate{static_cast<double>(s.acked_bytes) * 8 / s.seconds}));
    if (s.data_frames > 0)
      text += fmt::format(", {} of {} frames retransmitted ({:.1f} %)", signs().sent_again, s.data_frames,
                          100.0 * static_cast<double>(signs().sent_again) / static_cast<double>(s.data_frames));
    facts.push_back({"transfer", text});
    std::string path;
    if (signs().round_trip_seconds > 0) path = fmt::format("RTT {:.3g} ms", signs().round_trip_seconds * 1e3);
    if (signs().receiver_segment > 0)
      path += fmt::format("{}MSS {} (the receiver's SYN)", path.empty() ? "" : ", ", signs().receiver_segment);
    if (s.superframes > 0)
      path += fmt::format("{}{} of {} frames longer than {} bytes (up to {})", path.empty() ? "" : ", ", s.superframes,
                          s.data_frames, judged_.intent.hops.at(0).ingress_mtu.bytes, signs().longest_frame);
    if (!path.empty()) facts.push_back({"path", path});
    if (signs().zero_windows > 0)
      facts.push_back({"window", fmt::format("zero {}, {:.1f} s together; {} probes", times_words(signs().zero_windows),
                                             signs().window_closed_seconds, signs().window_probes)});
    if (signs().keep_alives > 0) facts.push_back({"keep-alive", times_words(signs().keep_alives)});
    if (signs().resets > 0) facts.push_back({"resets", times_words(signs().resets)});
    // Later fragments do not say which bytes they carry.
    if (signs().missing_before + signs().missing_behind > 0 && s.egress_fragments == 0)
      facts.push_back(
          {"not captured", fmt::format("acknowledged, but not in the capture: {} before the router, {} behind it",
                                       bytes_words(signs().missing_before), bytes_words(signs().missing_behind))});
  }

  std::vector<CaptureFact> facts() const {
    std::vector<CaptureFact> facts;
    add_captures(facts);
    if (judged_.has_flow && judged_.measured.capture) add_transfer(facts);
    constexpr std::size_t most = 5;
    std::size_t listed = 0;
    for (const SurveyedRefusals& one : judged_.refusals) {
      if (listed++ == most) break;
      std::string text = fmt::format("{} > {}: {} {}", to_string(one.from), to_string(one.to), error_words(one),
                                     times_words(one.count));
      if (one.largest_quoted != 0)
        text += fmt::format(", about packets of {} bytes", range_words(one.smallest_quoted, one.largest_quoted));
      if (one.unquoted > 0) text += fmt::format("; {} of them cut off", one.unquoted);
      facts.push_back({"errors", text});
    }
    if (judged_.refusals.size() > most)
      facts.push_back({"errors", fmt::format("and {} more pairs of hosts", judged_.refusals.size() - most)});
    return facts;
  }

  std::vector<std::string> assumptions() const {
    std::vector<std::string> all;
    if (!judged_.has_flow) return all;
    const HopIntent& hop = judged_.intent.hops.at(0);
    if (!judged_.egress) all.emplace_back("the capture is from before the router, on the sender's side");
    if (!router_.ingress_mtu)
      all.push_back(fmt::format("the router's MTU towards the sender is {} (--ingress-mtu)", hop.ingress_mtu.bytes));
    if (!router_.egress_mtu)
      all.push_back(fmt::format("its MTU towards the receiver is {} (--egress-mtu)", hop.egress_mtu.bytes));
    if (seen().sizes_unknown)
      all.emplace_back(
          "long frames are cut at the receiver's MSS, or as the sender's other packets (\"if cut at\"): the "
          "capture does not say");
    if (!judged_.cut_off.empty()) all.push_back("read up to there: " + judged_.cut_off);
    return all;
  }

  std::string filter() const {
    if (!judged_.has_flow) return "";
    return fmt::format(" 'host {} or icmp or icmp6'", receiver_);
  }

  std::vector<MissingCapture> missing() const {
    std::vector<MissingCapture> all;
    if (judged_.has_flow && is_loopback(judged_.flow)) {
      all.push_back({"a capture where a router is in between", {}});
      return all;
    }
    if (is_window_closed()) {
      all.push_back(
          {fmt::format("nothing: look at what reads the data on {} (ss -tm there shows Recv-Q)", receiver_), {}});
      return all;
    }
    const bool cut = signs().unquoted > 0 || judged_.captures.at(0).tcp_cut_off > 0;
    const bool directions = judged_.has_flow && (signs().returned_before == 0 || seen().data_frames == 0 ||
                                                 (judged_.egress && signs().forth_behind == 0));
    if (verdict().outcome != Outcome::inconclusive) return all;
    if (cut)
      all.push_back(
          {fmt::format("the frames are cut at {} bytes: errors need 192", judged_.captures.at(0).snap_length), {}});
    if (directions)
      all.push_back({"both directions: tcpdump without -Q, pktcap-uw with --dir 2 (its default is one direction)", {}});
    if (!judged_.has_flow) all.push_back({"the transfer that the errors are about, together with them", {}});
    if (is_alone()) all.push_back({"what left the router: capture on both of its sides at the same time", {}});
    if (all.empty()) return all;
    all.back().commands = {
        "Linux, on the router or beside it:  tcpdump -i TOWARDS_SENDER -s 192 -w before.pcap" + filter() + " &",
        "                                    tcpdump -i TOWARDS_RECEIVER -s 192 -w behind.pcap" + filter(),
        "ESXi, for each port of the router (net-stats -l):  pktcap-uw --switchport PORT --dir 2 -s 192 -o "
        "before.pcapng",
        "then:  offlab analyze --before before.pcap --behind behind.pcap",
    };
    return all;
  }

  const JudgedCaptures& judged_;
  const AssumedRouter& router_;
  std::string sender_;
  std::string receiver_;
};

}  // namespace

CaptureAnswer answer_of(const JudgedCaptures& judged, const AssumedRouter& router) {
  return Words(judged, router).answer();
}

std::string words_of(const FlowKey& flow) {
  return fmt::format("{}.{} > {}.{}", to_string(flow.source), flow.source_port, to_string(flow.destination),
                     flow.destination_port);
}

}  // namespace offlab
