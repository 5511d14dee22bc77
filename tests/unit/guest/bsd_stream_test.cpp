#include "guest/bsd_stream.h"

#include <vector>

#include <gtest/gtest.h>

namespace offlab::guest {
namespace {

constexpr std::uint32_t first = 1000;
constexpr std::uint32_t mss = 1460;
constexpr std::uint32_t segments_a_frame = 5;

Segment acknowledging(std::uint32_t up_to, std::uint16_t window = 65535) {
  Segment segment;
  segment.flags = flag_ack;
  segment.acknowledged = up_to;
  segment.window = window;
  return segment;
}

class Stream : public testing::Test {
 protected:
  Stream() {
    Segment syn;
    syn.flags = flag_syn;
    syn.mss = mss;
    syn.window = 65535;
    stream_ = BsdStream(syn, first, 0);
    stream_.syn_ack_was_sent();
    stream_.receive(acknowledging(first + 1), 1000);
  }
  std::vector<Piece> send() {
    std::vector<Piece> pieces;
    while (const auto piece = stream_.next_piece(segments_a_frame, now_)) pieces.push_back(*piece);
    return pieces;
  }
  static std::uint32_t bytes(const std::vector<Piece>& pieces) {
    std::uint32_t sum = 0;
    for (const Piece& piece : pieces) sum += piece.size;
    return sum;
  }
  static NeedFrag refusal(const Piece& piece, std::uint16_t mtu = 1500) { return {{}, piece.sequence, mtu}; }

  BsdStream stream_;
  Microseconds now_ = 2000;
};

TEST_F(Stream, TheHandshakeEndsWithTheAcknowledgement) {
  EXPECT_TRUE(stream_.is_established());
  EXPECT_FALSE(stream_.owes_syn_ack());
  EXPECT_FALSE(stream_.next_tick());
}

TEST_F(Stream, ASynIsAnsweredAgainAfterASecond) {
  Segment syn;
  syn.flags = flag_syn;
  BsdStream stream(syn, first, 500);
  stream.syn_ack_was_sent();
  EXPECT_FALSE(stream.tick(1'000'499));
  EXPECT_FALSE(stream.owes_syn_ack());
  EXPECT_TRUE(stream.tick(1'000'500));
  EXPECT_TRUE(stream.owes_syn_ack());
}

TEST_F(Stream, AnInitialWindowIsSentInFramesOfSeveralSegments) {
  EXPECT_TRUE(send().empty()) << "nothing was written";
  stream_.write(60'000, now_);
  const auto pieces = send();
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].size, segments_a_frame * mss);
  EXPECT_EQ(bytes(pieces), 10 * mss);
  EXPECT_FALSE(pieces[0].again);
}

TEST_F(Stream, EachErrorSendsTheWholeWindowAgainAndTheWindowStaysAsItIs) {
  stream_.write(60'000, now_);
  const auto pieces = send();
  for (const Piece& refused : pieces) {
    const std::uint32_t window = stream_.congestion_window();
    EXPECT_TRUE(stream_.receive(refusal(refused)));
    EXPECT_EQ(stream_.congestion_window(), window);
    const auto again = send();
    EXPECT_EQ(bytes(again), 10 * mss);
    EXPECT_EQ(again.front().sequence, first + 1);
    EXPECT_TRUE(again.front().again);
  }
  EXPECT_EQ(stream_.mss(), mss) << "an MTU of 1500 changes nothing";
}

TEST_F(Stream, AnErrorAboutWhatIsAcknowledgedOrWasNeverSentIsIgnored) {
  stream_.write(60'000, now_);
  const auto pieces = send();
  stream_.receive(acknowledging(pieces[1].sequence), now_);
  send();
  EXPECT_FALSE(stream_.receive(refusal(pieces[0])));
  EXPECT_FALSE(stream_.receive(refusal({stream_.next_sequence(), 0, false})));
  EXPECT_TRUE(stream_.receive(refusal(pieces[1])));
}

TEST_F(Stream, ASmallerMtuMakesTheSegmentsSmaller) {
  stream_.write(60'000, now_);
  const auto pieces = send();
  stream_.receive(refusal(pieces[0], 1400));
  EXPECT_EQ(stream_.mss(), 1360U);
  EXPECT_EQ(send().front().size, segments_a_frame * 1360);
  stream_.receive(refusal(pieces[0], 0));
  EXPECT_GE(stream_.mss(), 216U) << "an error must not lead to segments of nothing";
}

TEST_F(Stream, ATimeoutLeavesOneSegmentAndWaitsTwiceAsLong) {
  stream_.write(60'000, now_);
  send();
  const auto due = stream_.next_tick();
  ASSERT_TRUE(due);
  EXPECT_FALSE(stream_.tick(*due - 1));
  now_ = *due;
  EXPECT_TRUE(stream_.tick(now_));
  const auto pieces = send();
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].size, mss);
  EXPECT_EQ(pieces[0].sequence, first + 1);
  EXPECT_EQ(*stream_.next_tick() - now_, 2 * (*due - 2000));
}

TEST_F(Stream, ThreeDuplicatesSendTheFirstSegmentAgain) {
  stream_.write(60'000, now_);
  send();
  for (int i = 0; i < 2; ++i) stream_.receive(acknowledging(first + 1), now_);
  EXPECT_TRUE(send().empty());
  stream_.receive(acknowledging(first + 1), now_);
  const auto pieces = send();
  ASSERT_EQ(pieces.size(), 1U);
  EXPECT_EQ(pieces[0].sequence, first + 1);
  EXPECT_EQ(pieces[0].size, mss);
  stream_.receive(acknowledging(first + 1 + 10 * mss), now_);
  EXPECT_EQ(stream_.congestion_window(), 5 * mss) << "half of what was in flight";
}

TEST_F(Stream, AcknowledgementsOpenTheWindowUpTo65535) {
  std::uint32_t acknowledged = first + 1;
  for (int round = 0; round < 30; ++round) {
    stream_.write(65'535, now_);
    for (const Piece& piece : send()) acknowledged = piece.sequence + piece.size;
    now_ += 1000;
    stream_.receive(acknowledging(acknowledged), now_);
  }
  EXPECT_GT(stream_.congestion_window(), 30 * mss);
  EXPECT_LE(stream_.congestion_window(), 65535U);
  EXPECT_EQ(stream_.acknowledged_bytes(), acknowledged - first - 1);
}

TEST_F(Stream, AClosedWindowIsAskedForWithOneSegment) {
  stream_.receive(acknowledging(first + 1, 0), now_);
  stream_.write(60'000, now_);
  EXPECT_TRUE(send().empty());
  ASSERT_TRUE(stream_.next_tick());
  now_ = *stream_.next_tick();
  stream_.tick(now_);
  EXPECT_EQ(bytes(send()), mss);
}

TEST_F(Stream, NothingIsWrittenBeyondWhatOneWindowHolds) {
  EXPECT_EQ(stream_.write(60'000, now_), 60'000U);
  EXPECT_EQ(stream_.write(60'000, now_), 5'535U);
  EXPECT_EQ(stream_.write(60'000, now_), 0U);
}

TEST_F(Stream, TheLastBytesOfAnObjectAreSentAtOnce) {
  stream_.write(mss + 1, now_);
  const auto pieces = send();
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(pieces[0].size, mss);
  EXPECT_EQ(pieces[1].size, 1U);
}

TEST_F(Stream, AResetAndTheEndOfTheOtherSideCloseIt) {
  Segment end = acknowledging(first + 1);
  end.flags |= flag_fin;
  stream_.receive(end, now_);
  EXPECT_TRUE(stream_.is_closed());
  EXPECT_FALSE(stream_.next_tick());
  EXPECT_FALSE(stream_.receive(NeedFrag{{}, first + 1, 1500}));
}

}  // namespace
}  // namespace offlab::guest
