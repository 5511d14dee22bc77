#include "bundle/capture_slice.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/capture_file.h"
#include "folders.h"
#include "unit/bundle/known_captures.h"
#include "unit/bundle/real_network.h"
#include "unit/recorded_run.h"
#include "unit/refusal.h"
#include "unit/runner/capture_bytes.h"
#include "unit/runner/captured_pair.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

CaptureSlice sliced(const ForeignEvidence& evidence, const fs::path& folder, const CaptureNames& names = {}) {
  return slice_captures(judge_evidence(evidence, {}), {}, folder, names);
}

Frames frames_in(const fs::path& file) {
  return all_frames(*open_capture_file(file));
}

ForeignEvidence field_pair_files(const std::string& name) {
  const fs::path folder = fs::path(tests_folder()) / "data/field-pairs";
  return {{folder / (name + "-wan.pcap")}, {folder / (name + "-lan.pcap")}};
}

// With `frames` more frames of others behind it, in both captures.
CapturedPair with_others(CapturedPair pair, int frames) {
  std::int64_t now = std::max(pair.wan.back().frame.time_ns, pair.lan.back().frame.time_ns);
  for (int added = 0; added < frames; added += 3) {
    now += 10'000'000;
    for (const StoredFrame& other : frames_of_others(now))
      for (Frames* side : {&pair.wan, &pair.lan}) side->push_back(other);
  }
  return pair;
}

ForeignEvidence files_of(const CapturedPair& pair, const fs::path& folder) {
  ForeignEvidence evidence{{folder / "wan.pcap"}, {folder / "lan.pcap"}};
  write_capture(evidence.first.front(), {pair.wan});
  write_capture(evidence.second.front(), {pair.lan});
  return evidence;
}

TEST(CaptureSlice, EveryCaptureIsJudgedAsTheWhole) {
  ASSERT_GT(known_captures().size(), 60U);
  TempFolder folder;
  std::uint64_t all = 0;
  std::uint64_t kept = 0;
  std::size_t shorter = 0;
  for (const KnownCapture& one : known_captures()) {
    const JudgedEvidence original = judge_evidence(one.evidence, {});
    CaptureSlice slice;
    ASSERT_NO_THROW(slice = slice_captures(original, {}, folder.path())) << one.name;
    const JudgedCaptures again = analyze_captures(slice.made.evidence, {});
    EXPECT_EQ(difference(original.judged, again), "") << one.name;
    EXPECT_EQ(difference(again, slice.made.judged), "") << one.name;
    if (!slice.is_whole) ++shorter;
    for (const SlicedCapture& capture : slice.captures) {
      EXPECT_EQ(capture.bytes, fs::file_size(capture.file)) << one.name;
      EXPECT_EQ(capture.frames, frames_in(capture.file).size()) << one.name;
      EXPECT_TRUE(slice.is_whole ? capture.frames == capture.all_frames : capture.frames <= capture.all_frames);
      all += capture.all_frames;
      kept += capture.frames;
    }
  }
  std::cout << fmt::format("{} captures, {} of them sliced: {} of {} frames are in the slices\n",
                           known_captures().size(), shorter, kept, all);
  EXPECT_GT(shorter, 0U);
}

TEST(CaptureSlice, OfALongCaptureLittleIsLeft) {
  TempFolder folder;
  for (const FieldPair& pair : field_pairs()) {
    const ForeignEvidence evidence = files_of(with_others(pair.frames, 6000), folder.path());
    const CaptureSlice slice = sliced(evidence, folder.path() / "slice");
    const SlicedCapture& before = slice.captures.at(0);
    const SlicedCapture& behind = slice.captures.at(1);
    std::cout << fmt::format("{}: {:.3f} s, {} of {} and {} of {} frames\n", pair.name, slice.seconds, before.frames,
                             before.all_frames, behind.frames, behind.all_frames);
    EXPECT_FALSE(slice.is_whole) << pair.name;
    EXPECT_LT(2 * (before.frames + behind.frames), before.all_frames + behind.all_frames) << pair.name;
  }
}

TEST(CaptureSlice, EveryFrameBeforeItsEndIsInIt) {
  TempFolder folder;
  const CapturedPair whole = with_others(field_pair("storm-merge").frames, 300);
  const CaptureSlice slice = sliced(files_of(whole, folder.path()), folder.path() / "slice");
  ASSERT_FALSE(slice.is_whole);
  for (std::size_t side = 0; side < 2; ++side) {
    Frames expected = side == 0 ? whole.wan : whole.lan;
    std::erase_if(expected, [&](const StoredFrame& one) { return one.frame.time_ns > slice.end_ns; });
    const Frames made = frames_in(slice.captures.at(side).file);
    ASSERT_EQ(made.size(), expected.size());
    for (std::size_t at = 0; at < made.size(); ++at) {
      EXPECT_EQ(made[at].bytes, expected[at].bytes);
      EXPECT_EQ(made[at].frame.time_ns, expected[at].frame.time_ns);
      EXPECT_EQ(made[at].frame.length, expected[at].frame.length);
      EXPECT_FALSE(made[at].frame.has_direction);
      EXPECT_FALSE(made[at].frame.has_vnet);
    }
  }
}

TEST(CaptureSlice, SegmentSizesAndDirectionsStay) {
  TempFolder folder;
  const fs::path leg = recorded_run_path / RunFolder::leg_folder(recorded_case("hypervisor-lro"), LegRole::measured);
  const CaptureSlice slice = sliced({{leg / "router-wan.pcapng"}, {leg / "router-lan.pcapng"}}, folder.path());
  const Frames original = frames_in(leg / "router-wan.pcapng");
  const Frames made = frames_in(folder.path() / "before.pcapng");
  std::size_t superframes = 0;
  for (std::size_t at = 0; at < made.size(); ++at) {
    EXPECT_TRUE(made[at].frame.has_vnet);
    EXPECT_EQ(made[at].frame.gso, original[at].frame.gso);
    EXPECT_EQ(made[at].frame.gso_size, original[at].frame.gso_size);
    EXPECT_EQ(made[at].frame.needs_checksum, original[at].frame.needs_checksum);
    EXPECT_EQ(made[at].frame.has_direction, original[at].frame.has_direction);
    EXPECT_EQ(made[at].frame.to_guest, original[at].frame.to_guest);
    if (made[at].frame.gso_size != 0) ++superframes;
  }
  EXPECT_GT(superframes, 0U);
}

TEST(CaptureSlice, FindingsAreBesideTheirFrames) {
  TempFolder folder;
  const CaptureSlice slice = sliced(field_pair_files("storm-merge"), folder.path());
  std::ifstream stream(slice.captures.front().file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_NE(bytes.find("offlab: bogus fragmentation needed"), std::string::npos);
}

// Whoever gives them in the other order gets them in the right one.
TEST(CaptureSlice, TheCaptureBeforeTheRouterIsCalledSo) {
  TempFolder folder;
  ForeignEvidence evidence = field_pair_files("storm-merge");
  const Frames wan = frames_in(evidence.first.front());
  std::swap(evidence.first, evidence.second);
  const CaptureSlice slice = sliced(evidence, folder.path(), {"router-wan.pcapng", "router-lan.pcapng"});
  EXPECT_EQ(slice.captures.at(0).file, folder.path() / "router-wan.pcapng");
  EXPECT_EQ(frames_in(folder.path() / "router-wan.pcapng").front().bytes, wan.front().bytes);
  EXPECT_EQ(slice.made.judged.ingress, (folder.path() / "router-wan.pcapng").string());
  EXPECT_EQ(slice.made.judged.egress, (folder.path() / "router-lan.pcapng").string());
  EXPECT_EQ(slice.made.evidence.first.front(), folder.path() / "router-wan.pcapng");
}

// One clock is an hour ahead: both sides end at the same moment all the same.
TEST(CaptureSlice, ADifferenceOfTheClocksIsTakenIntoAccount) {
  constexpr std::int64_t hour = 3'600'000'000'000;
  TempFolder folder;
  CapturedPair whole = with_others(field_pair("storm-merge").frames, 300);
  for (StoredFrame& frame : whole.lan) frame.frame.time_ns += hour;
  const CaptureSlice slice = sliced(files_of(whole, folder.path()), folder.path() / "slice");
  EXPECT_FALSE(slice.is_whole);
  const auto last_of = [&](std::size_t side) { return frames_in(slice.captures.at(side).file).back().frame.time_ns; };
  EXPECT_LT(std::abs(last_of(1) - hour - last_of(0)), 500'000'000);
}

// Linux's `any` device, whose frames say which interface they were seen on.
TEST(CaptureSlice, InterfacesStayApart) {
  TempFolder folder;
  const fs::path file = fs::path(tests_folder()) / "data/field-captures/04-both-sides-one-file-sll2.pcap";
  const CaptureSlice slice = sliced({{file}}, folder.path());
  EXPECT_TRUE(slice.made.judged.both_in_one);
  ASSERT_EQ(slice.captures.size(), 1U);
  const Frames original = frames_in(file);
  const Frames made = frames_in(slice.captures.front().file);
  std::map<std::uint32_t, std::set<std::uint16_t>> interfaces;
  for (std::size_t at = 0; at < made.size(); ++at)
    interfaces[original[at].frame.link_index].insert(made[at].frame.interface);
  EXPECT_EQ(interfaces.size(), 2U);
  std::set<std::uint16_t> all;
  for (const auto& [link_index, own] : interfaces) {
    EXPECT_EQ(own.size(), 1U);
    all.insert(own.begin(), own.end());
  }
  EXPECT_EQ(all.size(), 2U);
}

TEST(CaptureSlice, StandardInputIsRefused) {
  EXPECT_NE(refusal([] { judge_evidence({{"-"}}, {}); }).find("only once"), std::string::npos);
}

TEST(CaptureSlice, TwoCapturesNeedTwoNames) {
  TempFolder folder;
  EXPECT_NE(refusal([&] {
              sliced(field_pair_files("storm-merge"), folder.path(), {"a.pcapng", "a.pcapng"});
            }).find("cannot both be called a.pcapng"),
            std::string::npos);
}

// Between judging and slicing; a byte that says how long a packet is.
TEST(CaptureSlice, OfADamagedCaptureNothingIsLeftBehind) {
  TempFolder folder;
  const fs::path file = folder.path() / "wan.pcap";
  fs::copy_file(field_pair_files("storm-merge").first.front(), file);
  const JudgedEvidence original = judge_evidence({{file}}, {});
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out).seekp(24 + 11).put('\x7f');
  const std::string why = refusal([&] { slice_captures(original, {}, folder.path() / "slice"); });
  EXPECT_NE(why.find("wan.pcap"), std::string::npos) << why;
  EXPECT_TRUE(!fs::exists(folder.path() / "slice") || fs::is_empty(folder.path() / "slice"));
  EXPECT_NE(refusal([&] { judge_evidence({{file}}, {}); }).find("wan.pcap"), std::string::npos);
}

// As tcpdump leaves it when it is killed.
TEST(CaptureSlice, ATruncatedCaptureCountsUpToThere) {
  TempFolder folder;
  const fs::path file = folder.path() / "wan.pcap";
  fs::copy_file(field_pair_files("storm-merge").first.front(), file);
  fs::resize_file(file, fs::file_size(file) - 7);
  const JudgedEvidence original = judge_evidence({{file}}, {});
  EXPECT_NE(original.judged.cut_off, "");
  const CaptureSlice slice = slice_captures(original, {}, folder.path());
  EXPECT_EQ(slice.made.judged.cut_off, "");
  EXPECT_EQ(difference(original.judged, slice.made.judged), "");
  fs::resize_file(file, 24 + 20);
  EXPECT_NE(refusal([&] { judge_evidence({{file}}, {}); }), "");
}

TEST(CaptureSlice, AFullDiskLeavesNothingBehind) {
  TempFolder folder;
  EXPECT_NE(refusal([&] { sliced(field_pair_files("storm-merge"), "/dev/null/slice"); }), "");
}

TEST(CaptureSlice, DifferencesAreNamed) {
  const auto storm = judge_evidence(field_pair_files("storm-merge"), {}).judged;
  const auto healthy = judge_evidence(field_pair_files("healthy-lro-on"), {}).judged;
  EXPECT_EQ(difference(storm, storm), "");
  const std::string text = difference(storm, healthy);
  EXPECT_NE(text.find("outcome pass instead of fail"), std::string::npos) << text;
  EXPECT_NE(text.find("class healthy instead of lro-orphan-storm"), std::string::npos) << text;
  EXPECT_NE(text.find("violated: none instead of"), std::string::npos) << text;
}

}  // namespace
}  // namespace offlab
