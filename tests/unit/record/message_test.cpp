// What workers say, as JSON lines: a contract between a worker and whoever started it.
#include "record/message.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

const std::vector<std::pair<Message, std::string>>& every_message() {
  static const std::vector<std::pair<Message, std::string>> all = {
      {Event(event::Note{"slow"}), R"({"event":"note","text":"slow"})"},
      {message::Hello{2, "0.1.0+abc", 2, {25'000'000'000}},
       R"({"cpus":2,"memory":25000000000,"message":"hello","protocol":2,"version":"0.1.0+abc"})"},
      {message::Probed{false, "it hung"}, R"({"booted":false,"message":"probed","reason":"it hung"})"},
      {message::ImageReady{true}, R"({"built":true,"message":"image-ready"})"},
      {message::LabUp{}, R"({"message":"lab-up"})"},
      {message::Done{}, R"({"message":"done"})"},
      {message::Refused{"no lro"}, R"({"message":"refused","reason":"no lro"})"},
      {message::Failed{"no tun", "load it"}, R"({"message":"failed","reason":"no tun","remedy":"load it"})"},
  };
  return all;
}

TEST(Message, HasALineForEachKindAndIsReadBack) {
  ASSERT_EQ(every_message().size(), std::variant_size_v<Message>);
  for (std::size_t i = 0; i < every_message().size(); ++i) {
    const auto& [message, line] = every_message()[i];
    EXPECT_EQ(message.index(), i);
    EXPECT_EQ(message_to_line(message), line);
    EXPECT_EQ(message_from_line(line), message);
  }
}

TEST(Message, IsOneLineWhateverTheTextHolds) {
  const std::string line = message_to_line(message::Failed{"a\r\nb\xff\x01"});
  EXPECT_EQ(line.find_first_of("\r\n"), std::string::npos);
  EXPECT_NO_THROW(message_from_line(line)) << line;
}

// What it tells comes from guests, libvirt and QEMU; whoever reads it shows it.
TEST(Message, HoldsCleanTextWhicheverSideItIsOf) {
  const Message hostile = message::Failed{"a\033]0;title\007b\n\u009b2Jc\uffff\xff", "try\033[31m it"};
  const Message clean = message::Failed{"ab\nc??", "try it"};
  EXPECT_EQ(message_to_line(hostile), message_to_line(clean));
  EXPECT_EQ(
      message_from_line(
          R"({"message":"failed","reason":"a\u001b]0;title\u0007b\r\n\u009b2Jc\uffff?","remedy":"try\u001b[31m it"})"),
      clean);
}

TEST(Message, WhatIsNoneIsAnErrorThatQuotesIt) {
  for (const char* line : {"", "boot", "[]", "7", "null", "{}", R"({"message":7})", R"({"message":"explosion"})",
                           R"({"message":""})", R"({"message":"hello"})", R"({"message":"failed","reason":7})",
                           R"({"event":"explosion"})", R"({"message":"done")"})
    EXPECT_THROW(message_from_line(line), Error) << line;
  try {
    message_from_line("qemu: hello");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("'qemu: hello'"), std::string::npos);
  }
}

}  // namespace
}  // namespace offlab
