// Where packets were seen, and by which clock: real pairs of captures, put together and changed.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "capture/frame_edit.h"
#include "measure/capture_survey.h"
#include "measure/clock_difference.h"
#include "measure/selected_frames.h"
#include "unit/runner/captured_pair.h"
#include "unit/runner/changed_frames.h"

namespace offlab {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

struct Looked {
  CaptureSurvey survey;
  JudgedFlow judged;
  CaptureSides sides;
};

Looked look_at(const Frames& frames) {
  FrameList list(frames);
  Looked looked{survey_capture(list), {}, {}};
  const FlowKey flow = main_flow(looked.survey).value();
  looked.judged = judged_with(flow, looked.survey);
  looked.sides = CaptureSides(looked.survey.sightings, looked.judged);
  return looked;
}

const CapturedPair& healthy() {
  return field_pair("healthy-lro-off").frames;
}

ClockDifference clocks(const Frames& wan, const Frames& lan) {
  const Looked before = look_at(wan);
  const Looked behind = look_at(lan);
  return clock_difference({before.survey.sightings, before.sides, Side::before},
                          {behind.survey.sightings, behind.sides, Side::before}, before.judged);
}

std::size_t selected(const Frames& frames, const Looked& looked, Side side, bool sort = false) {
  FrameList list(frames);
  SelectedFrames chosen(list, {looked.judged, looked.sides, side, side == Side::before, sort});
  std::size_t count = 0;
  std::int64_t last = 0;
  for (Frame frame; chosen.next(frame); ++count) {
    EXPECT_GE(frame.time_ns, last);
    last = frame.time_ns;
  }
  return count;
}

TEST(CaptureSides, OneSideIsPlain) {
  for (const Frames* one : {&healthy().wan, &healthy().lan}) {
    const Looked looked = look_at(*one);
    EXPECT_TRUE(looked.sides.is_plain());
    EXPECT_EQ(looked.sides.copies(), 1U);
  }
}

TEST(CaptureSides, BothSidesAreToldApartByTheTtlInBothDirections) {
  const Looked looked = look_at(merged({healthy().wan, healthy().lan}));
  ASSERT_TRUE(looked.sides.has_both());
  EXPECT_EQ(looked.sides.hops(), 1U);
  Viewpoint place;
  const Viewpoint& first = looked.survey.sightings.viewpoints().front();
  place = first;
  place.hop_limit = 64;
  EXPECT_EQ(looked.sides.side_of(place, true), Side::before);
  EXPECT_EQ(looked.sides.side_of(place, false), Side::behind);
  place.hop_limit = 63;
  EXPECT_EQ(looked.sides.side_of(place, true), Side::behind);
  EXPECT_EQ(looked.sides.side_of(place, false), Side::before);
}

TEST(CaptureSides, CopiesAreCountedAndLeftOut) {
  const Looked once = look_at(healthy().wan);
  for (const unsigned times : {2U, 3U, 4U}) {
    const Frames frames = repeated(healthy().wan, times);
    const Looked looked = look_at(frames);
    EXPECT_FALSE(looked.sides.has_both()) << times;
    EXPECT_EQ(looked.sides.copies(), times);
    std::size_t tcp = 0;
    for (const StoredFrame& frame : healthy().wan) {
      const auto packet = packet_of(frame);
      if (packet && packet->tcp && (once.judged.is_forth(packet->flow) || once.judged.is_back(packet->flow))) ++tcp;
    }
    EXPECT_EQ(selected(frames, looked, Side::before), tcp) << times;
  }
}

TEST(CaptureSides, RetransmissionsAreNoCopies) {
  EXPECT_EQ(look_at(field_pair("storm-merge").frames.wan).sides.copies(), 1U);
  EXPECT_EQ(look_at(field_pair("storm-ipv6").frames.wan).sides.copies(), 1U);
}

TEST(ClockDifference, OneClockNeedsNoCorrection) {
  for (const FieldPair& pair : field_pairs()) {
    const ClockDifference clock = clocks(pair.frames.wan, pair.frames.lan);
    EXPECT_FALSE(clock.is_corrected) << pair.name;
    EXPECT_GT(clock.compared, 10U) << pair.name;
  }
}

TEST(ClockDifference, IsEstimatedFromBothDirections) {
  for (const std::int64_t shift : {-3'600'000 * millisecond, -5000 * millisecond, -20 * millisecond, 20 * millisecond,
                                   5000 * millisecond, 3'600'000 * millisecond}) {
    const ClockDifference clock = clocks(healthy().wan, shifted(healthy().lan, shift));
    ASSERT_TRUE(clock.is_corrected) << shift;
    EXPECT_NEAR(static_cast<double>(clock.offset_ns), static_cast<double>(shift), 3.0 * millisecond);
  }
}

TEST(ClockDifference, DriftIsEstimated) {
  const ClockDifference clock = clocks(healthy().wan, drifted(shifted(healthy().lan, 5000 * millisecond), 100));
  ASSERT_TRUE(clock.is_corrected);
  const std::int64_t last = healthy().lan.back().frame.time_ns;
  EXPECT_NEAR(static_cast<double>(clock.corrected(last + 5000 * millisecond)), static_cast<double>(last),
              5.0 * millisecond);
}

TEST(ClockDifference, IsSaidInWords) {
  ClockDifference clock;
  clock.offset_ns = -500'000;
  EXPECT_EQ(describe(clock), "500 us behind");
  clock.offset_ns = 3600'000'000'000;
  clock.drift = 1e-4;
  EXPECT_EQ(describe(clock), "1 h ahead, 100 us a second fast");
}

TEST(SelectedFrames, AreInTheOrderOfTimeAgain) {
  const Frames frames = disordered(healthy().wan, 50 * millisecond, 1);
  const Looked looked = look_at(frames);
  EXPECT_GT(looked.survey.goes_back_ns, 0);
  EXPECT_EQ(selected(frames, looked, Side::before, true), selected(healthy().wan, looked, Side::before, true));
}

TEST(CaptureSurvey, MemoryIsBoundedAndTheLargestFlowsStay) {
  class ManyFlows : public FrameSource {
   public:
    explicit ManyFlows(const StoredFrame& model) : one_(model) {}
    bool next(Frame& frame) override {
      if (++count_ > 3 * CaptureSurvey::most_flows) return false;
      const bool large = count_ % 2 == 0;  // every second frame is of one flow
      put_number(one_.bytes, at_transport + 2, 2, large ? 443 : count_ % 50'000 + 1000);
      put_number(one_.bytes, 30, 4, large ? 0xc6120909 : 0xc6130000 + count_ / 50'000);
      frame = one_.frame;
      frame.bytes = one_.bytes;
      return true;
    }

   private:
    StoredFrame one_;
    std::uint32_t count_ = 0;
  };
  const auto data = std::find_if(healthy().wan.begin(), healthy().wan.end(), [](const StoredFrame& frame) {
    const auto packet = packet_of(frame);
    return packet && packet->tcp && packet->tcp->payload_bytes > 0;
  });
  ManyFlows flows(*data);
  const CaptureSurvey survey = survey_capture(flows);
  EXPECT_LE(survey.flows.size(), CaptureSurvey::most_flows);
  EXPECT_EQ(main_flow(survey).value().destination_port, 443);
  EXPECT_LE(survey.sightings.all().size(), Sightings::most);
}

TEST(JudgedFlow, IsTheServiceOfWhicheverSide) {
  const Looked looked = look_at(healthy().wan);
  EXPECT_EQ(looked.judged.port, 5201);
  EXPECT_FALSE(looked.judged.of_receiver);
}

}  // namespace
}  // namespace offlab
