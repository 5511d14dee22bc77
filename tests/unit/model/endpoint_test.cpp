// What an initiator connects to, as a file says it.
#include <gtest/gtest.h>

#include "model/topology.h"

namespace offlab {
namespace {

TEST(Endpoint, IsReadBackAsPrinted) {
  for (const char* text : {"198.18.2.1:8080", "[2001:2:0:2::1]:443"}) {
    const auto endpoint = parse_endpoint(text);
    ASSERT_TRUE(endpoint) << text;
    EXPECT_EQ(to_string(*endpoint), text);
  }
  EXPECT_EQ(parse_endpoint("[2001:2:0:2::1]:443")->port, 443);
}

TEST(Endpoint, NeedsAnAddressAndAPort) {
  for (const char* text : {"", ":", "198.18.2.1", "198.18.2.1:", "198.18.2.1:0", "198.18.2.1:65536", "198.18.2.1:8080x",
                           "server:80", "2001:2:0:2::1:443", "[198.18.2.1]:80", "[]:80", "198.18.2.1:-1"})
    EXPECT_EQ(parse_endpoint(text), std::nullopt) << text;
}

}  // namespace
}  // namespace offlab
