// Which host keys a server is asked for.
#include "ssh/host_key.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace offlab {
namespace {

const std::string ed25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN93KPLMVbLV+a61eMHsCY06khArg5jYHz7E5caxDW7A";
const std::string ecdsa =
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHY/ay2pszp5CatBqIdm+RZVZffSJ9KRM0ds8GYQ"
    "6fmdhUTLjk/MXhhetDQkPPwpgZxkMzrgdXiMz+DToLPF9Vk=";
const std::string rsa =
    "ssh-rsa "
    "AAAAB3NzaC1yc2EAAAADAQABAAABAQChnJ9E7h8kWqF039q8RR/x/IOXCBr/TMETQtWUoObe8KUDvkmWIzWFccTN3GbJvMaMOzDhz0MxLufx"
    "nD+k2bnTnpX1h9RCNf+C89qnU+zTiTwH8UFfsYEkPYxD7zex3VQhG2gSvTTX2rCauJ48vR6sY4N8rUyq0jiLIZcIqeQXELQ9eal+Bs0MJ3+lnOCU+"
    "eBe"
    "7LwQuSou1nVcOYQ50Qo5amkg7Tv/"
    "4639BnW4wxV1DU+HEHPp1jIhod3BuHxheMIs1UllTTOk8bUz8OOS0y5BxIWhJBW7RiaE7sxSdO0BMMiYkhwEjZ7T"
    "EO67JZ3fOTEK+amGEmGSSiK3CgEiWX0B";

TEST(HostKeyAlgorithms, AreThoseOfThePinnedKeys) {
  EXPECT_EQ(host_key_algorithms({ed25519}), "ssh-ed25519");
  EXPECT_EQ(host_key_algorithms({ecdsa + " somebody@somewhere", ed25519}), "ecdsa-sha2-nistp256,ssh-ed25519");
  EXPECT_EQ(host_key_algorithms({rsa}), "rsa-sha2-512,rsa-sha2-256");
}

TEST(HostKeyAlgorithms, RefuseWhatIsNoKey) {
  for (const char* line : {"", "ssh-ed25519", "ssh-ed25519 !!!!", "gate ssh-ed25519 AAAAC3NzaC1lZDI1NTE5"})
    EXPECT_THROW(host_key_algorithms({line}), Error) << line;
}

}  // namespace
}  // namespace offlab
