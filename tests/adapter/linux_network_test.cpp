// Bridges, taps and captures on the real kernel, in a network namespace of the test's own.
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapter/private_namespaces.h"
#include "base/error.h"
#include "base/handle.h"
#include "capture/capture_file.h"
#include "host/linux_fabric.h"
#include "host/linux_injection.h"
#include "host/linux_observation.h"
#include "lab/program.h"

namespace offlab::test {
namespace {

constexpr const char* tap_name = "router-wan";

void set_up(const char* device) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM, 0));
  ifreq request{};
  std::strcpy(request.ifr_name, device);
  request.ifr_flags = IFF_UP;
  ASSERT_EQ(ioctl(socket.get(), SIOCSIFFLAGS, &request), 0);
}

// A process that holds a tap open, as QEMU does, and writes into it what it is told: "the guest".
class Guest {
 public:
  Guest() {
    int ready[2];
    int commands[2];
    EXPECT_EQ(pipe(ready), 0);
    EXPECT_EQ(pipe(commands), 0);
    pid_ = fork();
    if (pid_ == 0) serve(commands[0], ready[1]);
    command_.reset(commands[1]);
    close(commands[0]);
    close(ready[1]);
    char byte = 0;
    EXPECT_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    set_up(tap_name);
  }
  Guest(const Guest&) = delete;
  Guest& operator=(const Guest&) = delete;
  ~Guest() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  // A frame with its vnet header in front.
  void send(const std::vector<std::uint8_t>& frame) const {
    const auto size = static_cast<std::uint32_t>(frame.size());
    ASSERT_EQ(write(command_.get(), &size, sizeof size), static_cast<ssize_t>(sizeof size));
    ASSERT_EQ(write(command_.get(), frame.data(), size), static_cast<ssize_t>(size));
  }

 private:
  [[noreturn]] static void serve(int commands, int ready) {
    const int tap = open("/dev/net/tun", O_RDWR);
    ifreq request{};
    std::strcpy(request.ifr_name, tap_name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
    if (ioctl(tap, TUNSETIFF, &request) != 0) _exit(1);
    if (write(ready, "!", 1) != 1) _exit(1);
    std::vector<std::uint8_t> frame;
    for (std::uint32_t size = 0; read(commands, &size, sizeof size) == static_cast<ssize_t>(sizeof size);) {
      frame.resize(size);
      for (std::size_t got = 0; got < size;)
        got += static_cast<std::size_t>(read(commands, frame.data() + got, size - got));
      if (write(tap, frame.data(), size) != static_cast<ssize_t>(size)) _exit(1);
    }
    pause();
    _exit(0);
  }

  pid_t pid_ = -1;
  UniqueFd command_;
};

// vnet header + Ethernet + IPv4 + TCP from 198.18.2.2:5201 with `payload` bytes; cut into `gso_size` when not 0.
std::vector<std::uint8_t> tcp_frame(std::uint16_t payload, std::uint16_t gso_size, std::uint8_t protocol = 6) {
  std::vector<std::uint8_t> frame(10 + 14 + 20 + 20 + payload);
  std::uint8_t* vnet = frame.data();
  if (gso_size != 0) {
    vnet[0] = 1;  // needs checksum
    vnet[1] = 1;  // TCPv4
    const std::uint16_t header = 54, start = 34, offset = 16;
    std::memcpy(vnet + 2, &header, 2);
    std::memcpy(vnet + 4, &gso_size, 2);
    std::memcpy(vnet + 6, &start, 2);
    std::memcpy(vnet + 8, &offset, 2);
  }
  std::uint8_t* ethernet = vnet + 10;
  std::memset(ethernet, 0xff, 6);
  ethernet[6] = 0x52;
  ethernet[12] = 0x08;
  std::uint8_t* ip = ethernet + 14;
  const auto length = static_cast<std::uint16_t>(40 + payload);
  ip[0] = 0x45;
  ip[2] = static_cast<std::uint8_t>(length >> 8U);
  ip[3] = static_cast<std::uint8_t>(length);
  ip[6] = 0x40;
  ip[8] = 64;
  ip[9] = protocol;
  const std::uint8_t addresses[] = {198, 18, 2, 2, 198, 18, 1, 2};
  std::memcpy(ip + 12, addresses, 8);
  std::uint8_t* tcp = ip + 20;
  tcp[0] = 5201 >> 8U;
  tcp[1] = 5201 & 0xffU;
  tcp[12] = 0x50;
  tcp[13] = 0x10;
  return frame;
}

CaptureRequest request(const std::string& interface, const std::filesystem::path& file, ByteCount limit,
                       std::uint32_t snap_length) {
  return {.point = {interface, "router", CaptureSide::host},
          .interface = interface,
          .file = file,
          .description = "a test",
          .limit = limit,
          .snap_length = snap_length};
}

class LinuxNetworkTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!enter_private_namespaces()) GTEST_SKIP() << "needs root, for network namespaces";
  }

  std::vector<CaptureStatistics> capture(const std::function<void()>& traffic, ByteCount limit = {1'000'000},
                                         std::uint32_t snap_length = 192) {
    auto running = observation_.start_capture({request(tap_name, scratch_ / "tap.pcapng", limit, snap_length)});
    traffic();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // the other process writes when it is scheduled
    return running->stop();
  }

  LinuxFabric fabric_;
  LinuxInjection injection_;
  LinuxObservation observation_;
  ScratchFolder scratch_;
};

TEST_F(LinuxNetworkTest, ABridgeHasTheMtuThatWasAskedForAndNoAddress) {
  fabric_.create_bridge("wan", Mtu{9000}, false);
  EXPECT_EQ(read_text("/sys/class/net/wan/mtu"), "9000\n");
  EXPECT_EQ(read_text("/proc/sys/net/ipv6/conf/wan/disable_ipv6"), "1\n");
  EXPECT_TRUE(std::filesystem::exists("/sys/class/net/wan/bridge"));
}

TEST_F(LinuxNetworkTest, AReachableBridgeHasALinkLocalAddressAtOnce) {
  fabric_.create_bridge("mgmt", Mtu{1500}, true);
  EXPECT_EQ(read_text("/proc/sys/net/ipv6/conf/mgmt/disable_ipv6"), "0\n");
  EXPECT_NE(read_text("/proc/net/if_inet6").find("mgmt"), std::string::npos);
}

TEST_F(LinuxNetworkTest, ABridgeThatExistsIsAnErrorThatNamesIt) {
  fabric_.create_bridge("wan", Mtu{1500}, false);
  try {
    fabric_.create_bridge("wan", Mtu{1500}, false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'wan'"));
  }
}

TEST_F(LinuxNetworkTest, TheOffloadWordIsForcedOnTheDescriptorOfAnotherProcessAndReadBack) {
  const Guest guest;
  EXPECT_FALSE(observation_.tap_state(tap_name).features.at("tx-tcp-segmentation"));
  injection_.set_offload_word(tap_name, {true, true, false});
  TapState state = observation_.tap_state(tap_name);
  EXPECT_TRUE(state.features.at("tx-tcp-segmentation"));
  EXPECT_FALSE(state.features.at("tx-tcp6-segmentation"));
  EXPECT_TRUE(observation_.sample(tap_name).tso4);
  EXPECT_NE(state.tun_flags & 0x4000U, 0U);  // IFF_VNET_HDR
  injection_.set_offload_word(tap_name, {false, false, false});
  EXPECT_FALSE(observation_.tap_state(tap_name).features.at("tx-tcp-segmentation"));
  EXPECT_FALSE(observation_.sample(tap_name).tso4);
}

TEST_F(LinuxNetworkTest, ATapThatNobodyHoldsIsAnErrorThatNamesIt) {
  try {
    injection_.set_offload_word("nothing", {true, true, true});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'nothing'"));
  }
}

TEST_F(LinuxNetworkTest, ACaptureKeepsSegmentSizesDirectionAndTheFullLength) {
  const Guest guest;
  const auto statistics = capture([&] {
    guest.send(tcp_frame(100, 0));
    guest.send(tcp_frame(7240, 1448));
  });
  ASSERT_EQ(statistics.size(), 1U);
  EXPECT_EQ(statistics[0].dropped, 0U);
  EXPECT_EQ(statistics[0].frames, 2U);
  const auto reader = open_capture_file(scratch_ / "tap.pcapng");
  Frame frame;
  ASSERT_TRUE(reader->next(frame));
  EXPECT_EQ(frame.gso, GsoType::none);
  EXPECT_EQ(frame.length, 154U);
  EXPECT_FALSE(frame.to_guest);
  ASSERT_TRUE(reader->next(frame));
  EXPECT_EQ(frame.gso, GsoType::tcp4);
  EXPECT_EQ(frame.gso_size, 1448);
  EXPECT_TRUE(frame.needs_checksum);
  EXPECT_EQ(frame.length, 7294U);
  EXPECT_EQ(frame.bytes.size(), 192U);
  EXPECT_FALSE(reader->next(frame));
}

TEST_F(LinuxNetworkTest, ACaptureIsBoundedAndStillKeepsIcmp) {
  const Guest guest;
  const auto statistics = capture(
      [&] {
        for (int i = 0; i < 200; ++i) guest.send(tcp_frame(100, 0));
        for (int i = 0; i < 5; ++i) guest.send(tcp_frame(100, 0, 1));
      },
      ByteCount{10'000});
  ASSERT_EQ(statistics.size(), 1U);
  EXPECT_EQ(statistics[0].frames + statistics[0].beyond_limit, 205U);
  EXPECT_GT(statistics[0].beyond_limit, 100U);
  EXPECT_LT(std::filesystem::file_size(scratch_ / "tap.pcapng"), 12'000U);
  const auto reader = open_capture_file(scratch_ / "tap.pcapng");
  Frame frame;
  int icmp = 0;
  while (reader->next(frame)) icmp += frame.bytes[23] == 1 ? 1 : 0;
  EXPECT_EQ(icmp, 5);
}

TEST_F(LinuxNetworkTest, NoCaptureIsMadeInsideAGuest) {
  CaptureRequest inside = request("lo", scratch_ / "x.pcapng", ByteCount{1000}, 192);
  inside.point = {"router-inside", "router", CaptureSide::guest};
  EXPECT_THROW(observation_.start_capture({inside}), Error);
}

TEST_F(LinuxNetworkTest, ACaptureOnAMissingInterfaceIsAnErrorThatNamesIt) {
  try {
    observation_.start_capture({request("nowhere", scratch_ / "x.pcapng", ByteCount{1000}, 192)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("'nowhere'"));
  }
}

}  // namespace
}  // namespace offlab::test
