#include "bundle/anonymous_capture.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/capture_file.h"
#include "capture/frame_edit.h"
#include "folders.h"
#include "unit/bundle/known_captures.h"
#include "unit/bundle/real_network.h"
#include "unit/capture/capture_bytes.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"
#include "unit/runner/capture_bytes.h"
#include "unit/runner/encapsulated_frames.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using testing::IsEmpty;

const KeyedDigest::Key key = {7, 7, 7};

std::string content_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Frames frames_in(const fs::path& file) {
  return all_frames(*open_capture_file(file));
}

bool is_in(const std::string& content, const PacketBytes& piece) {
  return content.find(std::string(piece.begin(), piece.end())) != std::string::npos;
}

ForeignEvidence files_of(const CapturedPair& pair, const fs::path& folder) {
  ForeignEvidence evidence{{folder / "wan.pcap"}, {folder / "lan.pcap"}};
  write_capture(evidence.first.front(), {pair.wan});
  write_capture(evidence.second.front(), {pair.lan});
  return evidence;
}

CapturedPair real_pair(const std::string& name) {
  const CapturedPair& pair = field_pair(name).frames;
  return {in_real_network(pair.wan), in_real_network(pair.lan)};
}

class AnonymisedFiles : public testing::Test {
 protected:
  AnonymousCaptures made(const ForeignEvidence& evidence, CaptureTimes times = CaptureTimes::kept) {
    original_ = judge_evidence(evidence, {});
    return anonymise_captures(original_, {}, addresses_, out(), {}, times);
  }
  fs::path out() const { return folder_.path() / "out"; }

  TempFolder folder_;
  AnonymousAddresses addresses_{key};
  JudgedEvidence original_;
};

TEST_F(AnonymisedFiles, EveryCaptureIsJudgedAsBefore) {
  for (const KnownCapture& one : known_captures()) {
    AnonymousCaptures result;
    ASSERT_NO_THROW(result = made(one.evidence)) << one.name;
    const JudgedCaptures again = analyze_captures(result.made.evidence, {});
    EXPECT_EQ(difference(original_.judged, again), "") << one.name;
    EXPECT_EQ(again.judged.source, addresses_.of(original_.judged.judged.source)) << one.name;
    for (std::size_t at = 0; at < result.captures.size(); ++at) {
      const AnonymousCapture& capture = result.captures[at];
      EXPECT_EQ(capture.kept + capture.dropped, original_.judged.captures.at(at).frames) << one.name;
      EXPECT_EQ(capture.bytes, fs::file_size(capture.file)) << one.name;
    }
  }
}

TEST_F(AnonymisedFiles, SoAreCapturesOfARealNetwork) {
  for (const FieldPair& pair : field_pairs()) {
    const CapturedPair real = {in_real_network(pair.frames.wan), in_real_network(pair.frames.lan)};
    AnonymousCaptures result;
    ASSERT_NO_THROW(result = made(files_of(real, folder_.path()))) << pair.name;
    EXPECT_EQ(original_.judged.verdict.outcome == Outcome::pass, pair.fault == FaultClass::healthy) << pair.name;
    EXPECT_EQ(difference(original_.judged, analyze_captures(result.made.evidence, {})), "") << pair.name;
  }
}

// In plain frames, and, of two storms, in what may be around them.
TEST_F(AnonymisedFiles, NothingOfTheNetworkIsLeft) {
  const auto plain = [](const Frames& frames) { return frames; };
  const auto vlan = [](const Frames& frames) { return with_vlan(frames, 77); };
  const std::vector<std::pair<std::string, std::function<Frames(const Frames&)>>> kinds = {
      {"plain", plain},    {"VLAN", vlan},    {"VXLAN", in_vxlan}, {"GRE", in_gre},
      {"PPPoE", in_pppoe}, {"MPLS", in_mpls}, {"SNAP", in_snap}};
  for (const FieldPair& pair : field_pairs())
    for (const auto& [kind, wrapped] : kinds) {
      if (kind != "plain" && pair.name != "storm-merge" && pair.name != "storm-ipv6") continue;
      const CapturedPair real = {in_real_network(pair.frames.wan), in_real_network(pair.frames.lan)};
      const CapturedPair seen_pair = {wrapped(real.wan), wrapped(real.lan)};
      const AnonymousCaptures result = made(files_of(seen_pair, folder_.path()));
      auto secrets = secrets_of(real.wan);
      for (const Frames* more : {&real.lan, &seen_pair.wan, &seen_pair.lan}) {
        const auto others = secrets_of(*more);
        secrets.insert(secrets.end(), others.begin(), others.end());
      }
      ASSERT_GT(secrets.size(), 20U);
      const auto found_in = [&](const fs::path& file) {
        const std::string content = content_of(file);
        std::vector<std::string> found;
        for (const auto& [name, bytes] : secrets)
          if (is_in(content, bytes)) found.push_back(name);
        return found;
      };
      EXPECT_GT(found_in(original_.evidence.first.front()).size(), 15U);
      for (const AnonymousCapture& capture : result.captures)
        EXPECT_THAT(found_in(capture.file), IsEmpty()) << pair.name << ", " << kind;
    }
}

TEST_F(AnonymisedFiles, FramesOfOthersAreDroppedAndCounted) {
  const CapturedPair& plain = field_pair("storm-merge").frames;
  const AnonymousCaptures result = made(files_of(real_pair("storm-merge"), folder_.path()));
  const auto judged =
      static_cast<std::uint64_t>(std::count_if(plain.wan.begin(), plain.wan.end(), [](const StoredFrame& frame) {
        const auto packet = packet_of(frame);
        return packet && (packet->tcp || packet->too_big);
      }));
  EXPECT_EQ(result.captures.at(0).kept, judged);
  EXPECT_EQ(result.captures.at(0).dropped, plain.wan.size() + 6 - judged);
}

// Only the first fragment of a packet has its TCP header.
TEST_F(AnonymisedFiles, FragmentsStayThatHaveNoTcpHeader) {
  const CapturedPair real = real_pair("refragmented");
  const AnonymousCaptures result = made(files_of(real, folder_.path()));
  const auto later_fragments = [](const Frames& frames) {
    return std::count_if(frames.begin(), frames.end(), [](const StoredFrame& frame) {
      const auto packet = packet_of(frame);
      return packet && packet->fragment && !packet->tcp;
    });
  };
  EXPECT_GT(later_fragments(real.lan), 100);
  EXPECT_EQ(later_fragments(frames_in(result.captures.at(1).file)), later_fragments(real.lan));
  EXPECT_EQ(result.made.judged.measured.capture->egress_fragments, original_.judged.measured.capture->egress_fragments);
}

// The real capture's first and last frames are of others.
TEST_F(AnonymisedFiles, HowLongTheCaptureWasIsStillSeen) {
  const CapturedPair real = real_pair("storm-merge");
  const AnonymousCaptures result = made(files_of(real, folder_.path()));
  const Frames frames = frames_in(result.captures.at(0).file);
  for (const auto& [frame, original] :
       {std::pair{frames.front(), real.wan.front()}, {frames.back(), real.wan.back()}}) {
    EXPECT_EQ(frame.frame.time_ns, original.frame.time_ns);
    EXPECT_EQ(frame.bytes, (PacketBytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x88, 0xb5}));
  }
  EXPECT_EQ(frames.size(), result.captures.at(0).kept + 2);
}

TEST_F(AnonymisedFiles, LengthsAndTimesStay) {
  const CapturedPair real = real_pair("healthy-lro-on");
  const AnonymousCaptures result = made(files_of(real, folder_.path()));
  Frames kept = real.wan;
  std::erase_if(kept, [](const StoredFrame& frame) {
    const auto packet = packet_of(frame);
    return !packet || !packet->tcp || packet->flow.source == parse_address("10.77.9.80");
  });
  Frames frames = frames_in(result.captures.at(0).file);
  std::erase_if(frames, [](const StoredFrame& frame) { return frame.bytes.size() == 14; });
  ASSERT_EQ(frames.size(), kept.size());
  for (std::size_t at = 0; at < frames.size(); ++at) {
    EXPECT_EQ(frames[at].frame.time_ns, kept[at].frame.time_ns);
    EXPECT_EQ(frames[at].frame.length, kept[at].frame.length);
  }
  EXPECT_EQ(result.shift_ns, 0);
}

TEST_F(AnonymisedFiles, BothCapturesAreShiftedByTheSameTime) {
  constexpr std::int64_t epoch = 978'307'200'000'000'000;
  const CapturedPair real = real_pair("storm-merge");
  const AnonymousCaptures result = made(files_of(real, folder_.path()), CaptureTimes::shifted);
  const Frames wan = frames_in(result.captures.at(0).file);
  const Frames lan = frames_in(result.captures.at(1).file);
  EXPECT_EQ(std::min(wan.front().frame.time_ns, lan.front().frame.time_ns), epoch);
  EXPECT_EQ(wan.front().frame.time_ns - lan.front().frame.time_ns,
            real.wan.front().frame.time_ns - real.lan.front().frame.time_ns);
  EXPECT_EQ(result.shift_ns, wan.front().frame.time_ns - real.wan.front().frame.time_ns);
  EXPECT_EQ(difference(original_.judged, result.made.judged), "");
}

TEST_F(AnonymisedFiles, SegmentSizesStayAndOtherCommentsGo) {
  const fs::path leg = recorded_run_path / RunFolder::leg_folder(recorded_case("hypervisor-lro"), LegRole::measured);
  const AnonymousCaptures result = made({{leg / "router-wan.pcapng"}, {leg / "router-lan.pcapng"}});
  const Frames original = frames_in(leg / "router-wan.pcapng");
  const Frames frames = frames_in(result.captures.at(0).file);
  const auto superframes = [](const Frames& all) {
    return std::count_if(all.begin(), all.end(), [](const StoredFrame& one) { return one.frame.gso_size != 0; });
  };
  EXPECT_GT(superframes(frames), 0);
  EXPECT_EQ(superframes(frames), superframes(original));
  EXPECT_TRUE(std::all_of(frames.begin(), frames.end(), [](const StoredFrame& one) { return one.frame.has_vnet; }));
  const std::string before = content_of(leg / "router-wan.pcapng");
  const std::string after = content_of(result.captures.at(0).file);
  EXPECT_NE(before.find("router-wan"), std::string::npos);
  EXPECT_EQ(after.find("router-wan"), std::string::npos);
  EXPECT_NE(after.find("vnet_hdr: gso=tcp4"), std::string::npos);
  EXPECT_NE(after.find("offlab: "), std::string::npos);
}

// Names of interfaces and of the machine, comments of the file and of frames.
TEST_F(AnonymisedFiles, TextsOfTheFileGo) {
  const auto& wan = field_pair("storm-merge").frames.wan;
  std::string bytes = section(option(2, "hw of fileserver.corp") + option(3, "os of fileserver.corp") +
                              option(1, "a comment of corp") + u32(0));
  bytes += interface(
      1, 0, option(2, "bond0.corp") + option(3, "uplink to corp") + option(9, std::string(1, '\x09')) + u32(0));
  for (const StoredFrame& frame : wan) {
    const std::string data(frame.bytes.begin(), frame.bytes.end());
    const auto time = static_cast<std::uint64_t>(frame.frame.time_ns);
    bytes += block(6, u32(0) + u32(time >> 32U) + u32(time) + u32(data.size()) + u32(frame.frame.length) +
                          padded(data) + option(1, "frame of corp") + u32(0));
  }
  write_file(folder_.path() / "wan.pcapng", bytes);
  const AnonymousCaptures result = made({{folder_.path() / "wan.pcapng"}});
  EXPECT_NE(content_of(folder_.path() / "wan.pcapng").find("corp"), std::string::npos);
  EXPECT_EQ(content_of(result.captures.at(0).file).find("corp"), std::string::npos);
}

TEST_F(AnonymisedFiles, TheSameKeyGivesTheSameFile) {
  const ForeignEvidence evidence = files_of(real_pair("storm-merge"), folder_.path());
  const JudgedEvidence original = judge_evidence(evidence, {});
  const auto file_of = [&](const KeyedDigest::Key& one) {
    AnonymousAddresses addresses(one);
    return content_of(anonymise_captures(original, {}, addresses, out()).captures.at(0).file);
  };
  const std::string once = file_of(key);
  EXPECT_EQ(file_of(key), once);
  EXPECT_NE(file_of(random_key()), once);
}

TEST_F(AnonymisedFiles, TheOwnerHasTheMapping) {
  made(files_of(real_pair("storm-merge"), folder_.path()));
  const auto& addresses = addresses_.mapping().addresses;
  for (const char* text : {"10.77.2.2", "10.77.1.2", "10.77.2.1"}) {
    ASSERT_EQ(addresses.count(parse_address(text).value()), 1U) << text;
    EXPECT_NE(addresses.at(parse_address(text).value()), parse_address(text));
  }
  EXPECT_EQ(addresses.count(parse_address("10.77.9.9").value()), 0U);  // of others
  EXPECT_GE(addresses_.mapping().macs.size(), 4U);
}

TEST_F(AnonymisedFiles, FindingsSpeakOfTheNewAddresses) {
  const AnonymousCaptures result = made(files_of(real_pair("storm-merge"), folder_.path()));
  const std::string address = to_string(addresses_.of(parse_address("10.77.2.2").value()));
  std::string texts;
  for (const Finding& finding : result.made.judged.verdict.findings)
    for (const EvidenceFrame& frame : finding.frames) texts += frame.text;
  EXPECT_NE(texts.find(address), std::string::npos);
  EXPECT_EQ(texts.find("10.77."), std::string::npos);
}

TEST_F(AnonymisedFiles, AFlowThatWasAskedForIsAskedForAgain) {
  ForeignEvidence evidence = files_of(real_pair("storm-merge"), folder_.path());
  evidence.choice.flow = judge_evidence(evidence, {}).judged.flow;
  const AnonymousCaptures result = made(evidence);
  EXPECT_EQ(result.made.evidence.choice.flow->source, addresses_.of(evidence.choice.flow->source));
  EXPECT_EQ(result.made.evidence.choice.flow->source_port, evidence.choice.flow->source_port);
  EXPECT_EQ(result.made.judged.flow, *result.made.evidence.choice.flow);
}

// Pings tell that ICMP was captured: without them the silence of the router would be judged otherwise.
TEST_F(AnonymisedFiles, OnePingStaysWhereNoErrorIs) {
  CapturedPair real = real_pair("silent-drop-e1000e");
  std::erase_if(real.wan, is_icmp_error);
  PacketBytes ping = too_big_about(tcp_packet({.payload = secret_payload}), "10.77.9.9", 1000);
  ping[20] = 8;
  ping[21] = 0;
  for (const std::size_t at : {std::size_t{20}, std::size_t{40}}) {
    StoredFrame frame = frame_of(ping);
    frame.frame.time_ns = real.wan[at].frame.time_ns;
    real.wan.insert(real.wan.begin() + static_cast<std::ptrdiff_t>(at), frame);
  }
  const AnonymousCaptures result = made(files_of(real, folder_.path()));
  EXPECT_GT(original_.judged.signs.icmp_frames, 0U);
  EXPECT_EQ(result.made.judged.signs.icmp_frames, 1U);
  EXPECT_EQ(result.made.judged.verdict.classes, original_.judged.verdict.classes);
}

// Where they were seen makes both sides of a router out of one file.
TEST_F(AnonymisedFiles, SidesInOneFileStayApart) {
  const fs::path folder = fs::path(tests_folder()) / "data/field-captures";
  for (const char* name :
       {"04-both-sides-one-file.pcap", "04-both-sides-one-file-sll2.pcap", "05-each-frame-twice.pcap"}) {
    const AnonymousCaptures result = made({{folder / name}});
    EXPECT_EQ(result.made.judged.both_in_one, original_.judged.both_in_one) << name;
    EXPECT_EQ(result.made.judged.sides, original_.judged.sides) << name;
    EXPECT_EQ(result.made.judged.captures.at(0).copies, original_.judged.captures.at(0).copies) << name;
  }
  const CapturedPair real = real_pair("storm-merge");
  Frames both = with_vlan(real.wan, 10);
  for (const StoredFrame& frame : with_vlan(real.lan, 20)) both.push_back(frame);
  std::stable_sort(both.begin(), both.end(),
                   [](const auto& a, const auto& b) { return a.frame.time_ns < b.frame.time_ns; });
  write_capture(folder_.path() / "both.pcap", {both});
  const AnonymousCaptures result = made({{folder_.path() / "both.pcap"}});
  EXPECT_TRUE(result.made.judged.both_in_one);
  EXPECT_EQ(difference(original_.judged, result.made.judged), "");
}

// Behind a router that translates the receiver's address, the sender's connection is another one.
TEST_F(AnonymisedFiles, ATranslatedConnectionIsKeptBehindItsRouter) {
  CapturedPair real = real_pair("healthy-lro-on");
  for (StoredFrame& frame : real.lan)
    for (const std::size_t at : {at_source, at_destination})
      if (frame.bytes.size() > at + 4 && number_at(frame.bytes, at, 4) == 0x0a4d0102) {
        put_number(frame.bytes, at, 4, 0x0a63070c);
        put_header_checksum(frame.bytes);
      }
  ForeignEvidence evidence = files_of(real, folder_.path());
  evidence.choice.flow = FlowKey{parse_address("10.77.2.2").value(), parse_address("10.77.1.2").value(), 5201, 0};
  const AnonymousCaptures result = made(evidence);
  EXPECT_GT(result.captures.at(1).kept, 500U);
  EXPECT_EQ(difference(original_.judged, result.made.judged), "");
  const auto& addresses = addresses_.mapping().addresses;
  ASSERT_EQ(addresses.count(parse_address("10.99.7.12").value()), 1U);
  EXPECT_FALSE(is_in(content_of(result.captures.at(1).file), {10, 99, 7, 12}));
}

// Whatever the reason, what is written is judged before it is given out.
TEST_F(AnonymisedFiles, WhatIsJudgedOtherwiseIsRefused) {
  const ForeignEvidence evidence = files_of(real_pair("storm-merge"), folder_.path());
  JudgedEvidence original = judge_evidence(evidence, {});
  original.judged.verdict.outcome = Outcome::pass;
  const std::string why = refusal([&] { anonymise_captures(original, {}, addresses_, out()); });
  EXPECT_NE(why.find("wan.pcap is not judged the same without its addresses and payload: outcome fail instead of pass"),
            std::string::npos)
      << why;
  EXPECT_TRUE(fs::is_empty(out()));
}

TEST_F(AnonymisedFiles, OfADamagedCaptureNothingIsLeftBehind) {
  const ForeignEvidence evidence = files_of(real_pair("storm-merge"), folder_.path());
  const JudgedEvidence original = judge_evidence(evidence, {});
  std::fstream(evidence.second.front(), std::ios::binary | std::ios::in | std::ios::out).seekp(24 + 11).put('\x7f');
  const std::string why = refusal([&] { anonymise_captures(original, {}, addresses_, out()); });
  EXPECT_NE(why.find("lan.pcap"), std::string::npos) << why;
  EXPECT_TRUE(!fs::exists(out()) || fs::is_empty(out()));
}

TEST_F(AnonymisedFiles, ATruncatedCaptureCountsUpToThere) {
  const ForeignEvidence evidence = files_of(real_pair("storm-merge"), folder_.path());
  fs::resize_file(evidence.first.front(), fs::file_size(evidence.first.front()) - 3);
  const AnonymousCaptures result = made(evidence);
  EXPECT_NE(original_.judged.cut_off, "");
  EXPECT_EQ(difference(original_.judged, result.made.judged), "");
}

TEST_F(AnonymisedFiles, TsharkReadsItWithoutComplaint) {
  if (std::system("command -v tshark > /dev/null 2>&1") != 0) GTEST_SKIP() << "tshark is not installed";
  for (const char* name : {"storm-merge", "storm-ipv6"}) {
    const AnonymousCaptures result = made(files_of(real_pair(name), folder_.path()));
    for (const AnonymousCapture& capture : result.captures) {
      const std::string listed = (folder_.path() / "listed").string();
      ASSERT_EQ(std::system(("tshark -r " + capture.file.string() +
                             " -T fields -e frame.protocols -e _ws.malformed > " + listed + " 2> " + listed + ".errors")
                                .c_str()),
                0);
      EXPECT_EQ(content_of(listed + ".errors").find("rror"), std::string::npos);
      const std::string lines = content_of(listed);
      EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')), capture.kept + 2);
      EXPECT_EQ(lines.find("alformed"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace offlab
