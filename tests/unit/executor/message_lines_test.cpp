// Messages of another process, whatever way its bytes come.
#include "executor/message_lines.h"

#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.h"
#include "process/pipe.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class MessageLinesTest : public testing::Test {
 protected:
  void write_text(const std::string& text) const {
    ASSERT_EQ(write(pipe_.write.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::optional<Message> next(milliseconds limit = seconds(5)) {
    return lines_.next(pipe_.read.get(), Deadline("a message", limit), stop_.get_token());
  }
  std::string error_of_next() {
    try {
      next();
    } catch (const Error& error) {
      return error.what();
    }
    return "no Error";
  }

  Pipe pipe_ = make_pipe();
  MessageLines lines_;
  std::stop_source stop_;
};

const Message done = message::Done();
const std::string done_line = message_to_line(done) + "\n";
const Message refused = message::Refused{"no lro"};

TEST_F(MessageLinesTest, TwoInOneReadAreTwo) {
  write_text(done_line + message_to_line(refused) + "\n");
  EXPECT_EQ(next(), done);
  EXPECT_EQ(next(), refused);
}

TEST_F(MessageLinesTest, OneInTwoReadsIsOne) {
  write_text(done_line.substr(0, 7));
  EXPECT_THROW(next(milliseconds(20)), Error) << "half a message is none";
  write_text(done_line.substr(7));
  EXPECT_EQ(next(), done);
}

TEST_F(MessageLinesTest, NothingComesAtTheEnd) {
  write_text(done_line);
  pipe_.write.reset();
  EXPECT_EQ(next(), done);
  EXPECT_EQ(next(), std::nullopt);
}

TEST_F(MessageLinesTest, AnEndInsideAMessageIsAnErrorThatQuotesIt) {
  write_text(done_line + R"({"message":"fai)");
  pipe_.write.reset();
  EXPECT_EQ(next(), done);
  EXPECT_EQ(error_of_next(), R"(the stream of messages ended inside of one: '{"message":"fai')");
  EXPECT_EQ(next(), std::nullopt);
}

TEST_F(MessageLinesTest, WhatIsNoMessageIsAnErrorAndTheNextOneIsRead) {
  write_text("qemu: hello\n" + done_line);
  EXPECT_NE(error_of_next().find("'qemu: hello'"), std::string::npos);
  EXPECT_EQ(next(), done);
}

TEST_F(MessageLinesTest, SilenceIsAnErrorThatNamesWhatWasWaitedFor) {
  try {
    next(milliseconds(10));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("a message: no answer"), std::string::npos);
  }
}

TEST_F(MessageLinesTest, AStopEndsTheWait) {
  stop_.request_stop();
  EXPECT_THROW(next(), Interrupted);
}

}  // namespace
}  // namespace offlab
