// What the analysis makes of recorded frames that were changed in one way.
#include "measure/capture_analysis.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "frames.h"
#include "measure/evidence_log.h"
#include "selftest/mutations.h"
#include "unit/recorded_run.h"

namespace offlab {
namespace {

// The storm of 18 refused packets: 168 data frames in, 130 out.
const RecordedLeg& storm() {
  return recorded_leg("hypervisor-lro");
}

CaptureMeasurements analyse(const LegIntent& intent, std::vector<StoredFrame> ingress, std::vector<StoredFrame> egress,
                            Connections which = Connections::begun_in_capture) {
  FrameList in(std::move(ingress));
  FrameList out(std::move(egress));
  CaptureAnalysis analysis(intent, intent.hops.at(0), which);
  analysis.read(&in, &out);
  return analysis.take();
}

CaptureMeasurements ingress_changed(const std::function<void(std::vector<StoredFrame>&)>& change,
                                    Connections which = Connections::begun_in_capture) {
  std::vector<StoredFrame> frames = storm().ingress;
  change(frames);
  return analyse(storm().intent, std::move(frames), storm().egress, which);
}

CaptureMeasurements each_changed(const std::function<void(StoredFrame&)>& change) {
  return ingress_changed([&](auto& frames) { std::for_each(frames.begin(), frames.end(), change); });
}

CaptureMeasurements unchanged() {
  return analyse(storm().intent, storm().ingress, storm().egress);
}

// What an earlier leg lost is sent again for minutes.
TEST(CaptureAnalysis, AConnectionThatBeganBeforeALegIsNotItsOwn) {
  const auto without_beginning = [](std::vector<StoredFrame> frames) {
    std::erase_if(frames, [](const StoredFrame& one) {
      const auto packet = parse_packet(one.bytes);
      return packet && packet->tcp && (packet->tcp->flags & 2U) != 0;  // SYN
    });
    return frames;
  };
  const auto in = without_beginning(storm().ingress);
  const auto out = without_beginning(storm().egress);
  ASSERT_LT(in.size(), storm().ingress.size());
  const CaptureMeasurements all = analyse(storm().intent, in, out, Connections::all);
  EXPECT_EQ(all.data_frames, unchanged().data_frames);
  EXPECT_EQ(all.bogus, 18U);
  const CaptureMeasurements own = analyse(storm().intent, in, out);
  EXPECT_EQ(own.data_frames, 0U);
  EXPECT_EQ(own.egress_data_frames, 0U);
  EXPECT_EQ(own.acked_bytes, 0U);
  EXPECT_EQ(own.forwarding.without_origin, 0U);
  EXPECT_EQ(own.frag_needed, 0U);
  EXPECT_EQ(own.frag_needed_other, 18U);  // the router has counted them
}

// tcpdump keeps no segment sizes: 1500 B behind a router whose MTU is 1400 is a packet too long, or two that fit.
TEST(CaptureAnalysis, AFrameWithoutASizeIsNeitherTooLongNorShortEnough) {
  LegIntent intent = storm().intent;
  intent.hops.at(0).egress_mtu = Mtu{1400};
  std::vector<StoredFrame> out = storm().egress;
  for (StoredFrame& one : out) {
    one.frame.has_vnet = false;
    one.frame.gso = GsoType::none;
    one.frame.gso_size = 0;
  }
  const CaptureMeasurements seen = analyse(intent, storm().ingress, out);
  EXPECT_EQ(seen.forwarding.too_long, 0U);
  EXPECT_FALSE(evidence_of(seen, Invariant::egress_size).empty());
  EXPECT_TRUE(evidence_of(analyse(storm().intent, storm().ingress, out), Invariant::egress_size).empty());
}

TEST(CaptureAnalysis, ShowsTheRefusedPacketsAndTheErrorsAboutThem) {
  const auto evidence = evidence_of(unchanged(), Invariant::bogus_frag_needed);
  ASSERT_EQ(evidence.size(), 6U);
  EXPECT_EQ(evidence[0].point, "router-wan");
  EXPECT_EQ(evidence[0].number, 20U);
  EXPECT_NEAR(evidence[0].seconds, 0.028566556, 1e-9);
  EXPECT_EQ(evidence[0].text,
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240  [gso_size 1448: 5 packets of "
            "1500 B]");
  EXPECT_EQ(evidence[2].number, 22U);
  EXPECT_EQ(evidence[2].text,
            "IP 198.18.2.1 > 198.18.2.2: ICMP 198.18.1.2 unreachable - need to frag (mtu 1500), length 556");
  EXPECT_EQ(evidence[4].text,
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1449:4345, length 2896  [gso_size 1448: 2 packets "
            "of 1500 B]");
  for (std::size_t i = 1; i < evidence.size(); ++i) EXPECT_LT(evidence[i - 1].number, evidence[i].number);
}

TEST(CaptureAnalysis, AnErrorIsHonestWhenThePacketsOnTheWireWereTooLong) {
  const auto seen = each_changed([](StoredFrame& frame) {
    if (is_icmp(frame)) put_number(frame.bytes, at_icmp_mtu, 2, 1400);
  });
  EXPECT_EQ(seen.frag_needed, 18U);
  EXPECT_EQ(seen.honest, 18U);
  EXPECT_EQ(seen.bogus, 0U);
  EXPECT_EQ(seen.refused_longer_than_ingress_mtu, 0U);
  EXPECT_EQ(seen.smallest_advertised_mtu, 1400U);
  EXPECT_EQ(seen.largest_advertised_mtu, 1400U);
}

TEST(CaptureAnalysis, AFrameWithoutASegmentSizeWasOnePacketOnTheWire) {
  const auto seen = each_changed([](StoredFrame& frame) {
    frame.frame.gso = GsoType::none;
    frame.frame.gso_size = 0;
  });
  EXPECT_EQ(seen.superframes, 0U);
  EXPECT_EQ(seen.superframe_payload_bytes, 0U);
  EXPECT_EQ(seen.honest, 18U);
  EXPECT_EQ(seen.bogus, 0U);
}

TEST(CaptureAnalysis, AnErrorAboutDataThatIsNotThereIsUntraced) {
  const auto seen = ingress_changed(
      [](auto& frames) { std::erase_if(frames, [](const StoredFrame& frame) { return frame.frame.to_guest; }); },
      Connections::all);
  EXPECT_EQ(seen.frag_needed, 18U);
  EXPECT_EQ(seen.untraced, 18U);
  EXPECT_EQ(seen.bogus, 0U);
  EXPECT_EQ(seen.data_frames, 0U);
  EXPECT_EQ(seen.acked_bytes, 0U);
  EXPECT_EQ(seen.seconds, 0);
}

TEST(CaptureAnalysis, AnErrorBeforeItsDataIsUntraced) {
  const auto seen = ingress_changed([](auto& frames) { std::swap(frames[19], frames[21]); });  // #20 and #22
  EXPECT_EQ(seen.untraced, 1U);
  EXPECT_EQ(seen.bogus, 17U);
}

TEST(CaptureAnalysis, ErrorsAboutOtherFlowsAreCountedApart) {
  const auto seen = each_changed([](StoredFrame& frame) {
    if (is_icmp(frame)) put_number(frame.bytes, at_quoted_ports, 2, 22);
  });
  EXPECT_EQ(seen.frag_needed_other, 18U);
  EXPECT_EQ(seen.frag_needed, 0U);
  EXPECT_EQ(seen.bogus + seen.honest + seen.untraced, 0U);
  EXPECT_EQ(seen.largest_quoted_length, 0U);
}

TEST(CaptureAnalysis, OnlyTheRoutersOwnErrorsCount) {
  const auto seen = each_changed([](StoredFrame& frame) {
    if (is_icmp(frame)) frame.frame.to_guest = true;
  });
  EXPECT_EQ(seen.frag_needed + seen.frag_needed_other, 0U);
}

TEST(CaptureAnalysis, AnErrorLongerThanTheIngressMtuIsCountedByTheIntentsMtu) {
  EXPECT_EQ(unchanged().refused_longer_than_ingress_mtu, 18U);
  LegIntent intent = storm().intent;
  intent.hops.at(0).ingress_mtu = Mtu{2948};
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).refused_longer_than_ingress_mtu, 2U);  // those of 7292 B
  intent.hops.at(0).ingress_mtu = Mtu{9000};
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).refused_longer_than_ingress_mtu, 0U);
}

TEST(CaptureAnalysis, CountsDataWithoutDf) {
  const auto seen = each_changed([](StoredFrame& frame) {
    if (is_tcp(frame)) put_number(frame.bytes, at_ip_flags, 2, 0);
  });
  EXPECT_EQ(seen.data_without_df, 168U);
  EXPECT_EQ(seen.egress_without_df, 0U);
}

TEST(CaptureAnalysis, CountsWhatLeavesTheRouterWithoutDfOrInPieces) {
  std::vector<StoredFrame> egress = storm().egress;
  for (StoredFrame& frame : egress)
    if (is_tcp(frame)) put_number(frame.bytes, at_ip_flags, 2, 0x2000);
  const auto seen = analyse(storm().intent, storm().ingress, egress);
  EXPECT_EQ(seen.egress_without_df, 130U);
  EXPECT_GE(seen.egress_fragments, 130U);  // acknowledgements and handshakes of the data's direction too
  EXPECT_EQ(seen.egress_data_frames, 130U);
  EXPECT_EQ(seen.egress_payload_bytes, 205'910U);
  EXPECT_EQ(seen.data_without_df, 0U);
}

TEST(CaptureAnalysis, SeesALaterFragmentThatHasNoTcpHeader) {
  std::vector<StoredFrame> egress = storm().egress;
  const auto data = std::find_if(egress.begin(), egress.end(), [](const StoredFrame& frame) {
    return !frame.frame.to_guest && is_tcp(frame) && frame.frame.length == 1514;
  });
  ASSERT_NE(data, egress.end());
  put_number(data->bytes, at_ip_flags, 2, 0x00b9);
  const auto seen = analyse(storm().intent, storm().ingress, egress);
  EXPECT_EQ(seen.egress_fragments, 1U);
  EXPECT_EQ(seen.egress_data_frames, 129U);
}

// Any router on the way may translate its addresses.
TEST(CaptureAnalysis, KnowsTheFlowOfALabByItsPortAndDirection) {
  LegIntent intent = storm().intent;
  intent.port = 5202;
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).data_frames, 0U);
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).egress_data_frames, 0U);
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).frag_needed_other, 18U);
  intent = storm().intent;
  intent.flow.sender_connects = true;
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).data_frames, 0U);
  intent = storm().intent;
  std::swap(intent.source, intent.destination);
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress).bogus, 18U);
  EXPECT_EQ(analyse(intent, storm().ingress, storm().egress, Connections::all).data_frames, 0U);
}

TEST(CaptureAnalysis, CountsRetransmissionsAsDataAndNotAsArrived) {
  const auto twice = ingress_changed([](auto& frames) {
    std::vector<StoredFrame> doubled;
    for (const StoredFrame& frame : frames) doubled.insert(doubled.end(), frame.frame.to_guest ? 2 : 1, frame);
    frames = doubled;
  });
  EXPECT_EQ(twice.data_frames, 336U);
  EXPECT_EQ(twice.data_payload_bytes, 2 * 266'726U);
  EXPECT_EQ(twice.acked_bytes, unchanged().acked_bytes);
  EXPECT_EQ(twice.unacked_tail_bytes, unchanged().unacked_tail_bytes);
}

TEST(CaptureAnalysis, IsTheSameWhenSequenceNumbersWrap) {
  const std::uint32_t shift = 0U - 123'835'708U - 100'000U;  // the wrap comes after 100 kB
  const auto shift_all = [&](std::vector<StoredFrame> frames, bool data_goes_to_guest) {
    for (StoredFrame& frame : frames) {
      const bool from_server = frame.frame.to_guest == data_goes_to_guest;
      const auto move = [&](std::size_t at) { put_number(frame.bytes, at, 4, number_at(frame.bytes, at, 4) + shift); };
      if (is_icmp(frame))
        move(at_quoted_ports + 4);
      else if (is_tcp(frame) && from_server)
        move(at_sequence);
      else if (is_tcp(frame) && (frame.bytes.at(at_tcp_flags) & 0x10) != 0)
        move(at_acknowledgement);
    }
    return frames;
  };
  const auto shifted = analyse(storm().intent, shift_all(storm().ingress, true), shift_all(storm().egress, false));
  EXPECT_EQ(shifted, unchanged());
}

TEST(CaptureAnalysis, StartsAtTheFirstDataWhenTheHandshakeWasMissed) {
  const auto late =
      ingress_changed([](auto& frames) { frames.erase(frames.begin(), frames.begin() + 19); }, Connections::all);
  EXPECT_EQ(evidence_of(late, Invariant::bogus_frag_needed).at(0).text,
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240  [gso_size 1448: 5 packets of "
            "1500 B]");
  EXPECT_EQ(evidence_of(late, Invariant::bogus_frag_needed).at(0).number, 1U);
  EXPECT_EQ(late.bogus, 18U);
}

// A connection whose end was captured and whose middle was not: the bytes that are missing are not a tail.
TEST(CaptureAnalysis, NeverHasALongerTailThanWhatItSaw) {
  const auto lossy = ingress_changed([](auto& frames) {
    for (StoredFrame& frame : frames)
      if (frame.frame.to_guest && frame.frame.time_ns == frames[298].frame.time_ns)  // #299, the last new data
        put_number(frame.bytes, at_transport + 4, 4, number_at(frame.bytes, at_transport + 4, 4) + 50'000'000);
  });
  EXPECT_EQ(lossy.data_frames, 168U);
  EXPECT_LE(lossy.unacked_tail_bytes, lossy.data_payload_bytes);
}

// The frames that carried what never left: ten packets in a row are taken out of the capture behind the router.
TEST(CaptureAnalysis, ShowsTheFramesWhoseBytesAreLost) {
  RecordedLeg leg = recorded_leg("control-lro-on");
  const auto lost = std::find_if(mutations().begin(), mutations().end(),
                                 [](const Mutation& one) { return one.name == "lost-range"; });
  lost->change(leg);
  const auto evidence = evidence_of(analyse(leg.intent, leg.ingress, leg.egress), Invariant::coverage);
  ASSERT_EQ(evidence.size(), EvidenceLog::enough);
  EXPECT_EQ(evidence[0].point, name_of(leg.intent.hops.at(0).ingress));
  EXPECT_EQ(evidence[0].number, 344U);
  EXPECT_EQ(evidence[0].text,
            "IP 198.18.2.2.5201 > 198.18.1.2.50938: Flags [P.], seq 5977345:6038161, length 60816  "
            "[gso_size 1448: 42 packets of 1500 B]");
  for (const EvidenceFrame& one : evidence) EXPECT_EQ(one.comment, "lost: nothing of it left the router") << one.text;
  EXPECT_TRUE(evidence_of(unchanged(), Invariant::coverage).empty());
}

TEST(CaptureAnalysis, ShowsTheFramesThatAreSentAgain) {
  const auto evidence = evidence_of(unchanged(), Invariant::amplification);
  ASSERT_EQ(evidence.size(), EvidenceLog::enough);
  EXPECT_EQ(evidence[0].number, 20U);
  EXPECT_EQ(evidence[0].text,
            "IP 198.18.2.2.5201 > 198.18.1.2.50978: Flags [P.], seq 1:7241, length 7240  "
            "[gso_size 1448: 5 packets of 1500 B]  [retransmitted from #26 on]");
  EXPECT_EQ(evidence[0].comment, "retransmitted from #26 on");
  for (std::size_t i = 1; i < evidence.size(); ++i) EXPECT_LT(evidence[i - 1].number, evidence[i].number);
}

// A sender whose retransmission timer has backed off: what was lost in a coalesced frame is sent again more than a
// second later, packet by packet, and leaves.
TEST(CaptureAnalysis, APacketThatLeavesIsNotLostBecauseItsBytesWereBefore) {
  const auto later = [](std::vector<StoredFrame> frames) {
    const std::int64_t from = storm().ingress.at(25).frame.time_ns;
    for (StoredFrame& one : frames)
      if (one.frame.time_ns >= from) one.frame.time_ns += 1'200'000'000;
    return frames;
  };
  const auto single_lost = [](const CaptureMeasurements& seen) {
    std::uint64_t lost = 0;
    for (const Passage& one : seen.forwarding.passages)
      if (one.longest != 0) lost += one.lost;
    return lost;
  };
  ASSERT_EQ(single_lost(unchanged()), 0U);
  EXPECT_EQ(single_lost(analyse(storm().intent, later(storm().ingress), later(storm().egress))), 0U);
}

// Routers side by side: acknowledgements are captured elsewhere, and nowhere in the capture before this router.
TEST(CaptureAnalysis, TakesAcknowledgementsFromWhereTheyPass) {
  const auto only = [](const std::vector<StoredFrame>& frames, bool to_guest) {
    std::vector<StoredFrame> kept;
    for (const StoredFrame& one : frames)
      if (one.frame.to_guest == to_guest || is_icmp(one)) kept.push_back(one);
    return kept;
  };
  FrameList in(only(storm().ingress, true));
  FrameList out(only(storm().egress, false));
  FrameList back(only(storm().ingress, false));
  CaptureAnalysis analysis(storm().intent, storm().intent.hops.at(0), Connections::begun_in_capture);
  analysis.read(&in, &out, &back);
  const CaptureMeasurements seen = analysis.take();
  EXPECT_EQ(seen.acked_bytes, unchanged().acked_bytes);
  EXPECT_EQ(seen.acknowledgements, unchanged().acknowledgements);
  EXPECT_EQ(seen.longest_stall_seconds, unchanged().longest_stall_seconds);
  EXPECT_EQ(seen.bogus, 18U);
  EXPECT_EQ(seen.forwarding.announced_segment, std::nullopt);
  LegIntent elsewhere = storm().intent;
  elsewhere.hops.at(0).returned = CapturePoint{"other-wan", "other", CaptureSide::host};
  FrameList in_again(only(storm().ingress, true));
  FrameList out_again(only(storm().egress, false));
  FrameList back_again(only(storm().ingress, false));
  CaptureAnalysis asked(elsewhere, elsewhere.hops.at(0), Connections::begun_in_capture);
  asked.read(&in_again, &out_again, &back_again);
  EXPECT_EQ(asked.take().forwarding.announced_segment, unchanged().forwarding.announced_segment);
  const CaptureMeasurements without = analyse(storm().intent, only(storm().ingress, true), only(storm().egress, false));
  EXPECT_EQ(without.acknowledgements, 0U);
  EXPECT_EQ(without.data_frames, unchanged().data_frames);
}

TEST(CaptureAnalysis, IsEmptyWithoutFrames) {
  CaptureMeasurements nothing;
  nothing.has_egress = true;
  EXPECT_EQ(analyse(storm().intent, {}, {}), nothing);
}

}  // namespace
}  // namespace offlab
