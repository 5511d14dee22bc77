#include "host/packet_ring.h"

#include <array>
#include <atomic>
#include <chrono>

#include <arpa/inet.h>
#include <fmt/core.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/deadline.h"
#include "base/error.h"

namespace offlab {
namespace {

// struct virtio_net_hdr of linux/virtio_net.h, which is no C++ header.
struct VnetHeader {
  std::uint8_t flags;
  std::uint8_t gso_type;
  std::uint16_t header_length;
  std::uint16_t gso_size;
  std::uint16_t checksum_start;
  std::uint16_t checksum_offset;
};
static_assert(sizeof(VnetHeader) == 10 && sizeof(tpacket3_hdr) % TPACKET_ALIGNMENT == 0);
constexpr unsigned vnet_needs_checksum = 1;
constexpr unsigned vnet_gso_tcp4 = 1;
constexpr unsigned vnet_gso_udp = 3;
constexpr unsigned vnet_gso_tcp6 = 4;
constexpr unsigned vnet_gso_ecn = 0x80;

constexpr std::size_t ring_memory = 16U << 20U;
// A block that was closed by time holds few frames: many small ones outlast a thread that waits for a core.
constexpr std::size_t least_block_size = 64U << 10U;
constexpr unsigned close_after_ms = 16;
constexpr auto settle_limit = std::chrono::seconds(2);

template <typename Value>
void set_option(int socket, int name, const Value& value, const char* what) {
  if (setsockopt(socket, SOL_PACKET, name, &value, sizeof value) != 0) throw system_error(what);
}

std::size_t block_size_for(std::uint32_t snap_length) {
  constexpr std::size_t headers = 4096;  // of block and frame, with room
  std::size_t size = least_block_size;
  while (size < headers + snap_length) size *= 2;
  return size;
}

// A socket filter that accepts everything, cut to `length` bytes.
void cut_frames(int socket, std::uint32_t length) {
  std::array<sock_filter, 1> program = {{{BPF_RET | BPF_K, 0, 0, length}}};
  const sock_fprog filter{program.size(), program.data()};
  if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    throw system_error("setting the capture's snap length");
}

GsoType gso_of(const VnetHeader& header) {
  switch (header.gso_type & ~vnet_gso_ecn) {
    case vnet_gso_tcp4:
      return GsoType::tcp4;
    case vnet_gso_tcp6:
      return GsoType::tcp6;
    case vnet_gso_udp:
      return GsoType::udp;
    default:
      return GsoType::none;
  }
}

}  // namespace

PacketRing::PacketRing(const std::string& interface, std::uint32_t snap_length) {
  // Bound to no protocol until the ring stands, so that nothing arrives outside of it.
  socket_.reset(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!socket_) throw system_error("opening a packet socket");
  set_option(socket_.get(), PACKET_VERSION, int{TPACKET_V3}, "selecting TPACKET_V3");
  set_option(socket_.get(), PACKET_VNET_HDR, int{1}, "asking for segmentation headers (PACKET_VNET_HDR)");
  cut_frames(socket_.get(), snap_length);
  block_size_ = block_size_for(snap_length);
  tpacket_req3 request{};
  request.tp_block_size = static_cast<unsigned>(block_size_);
  request.tp_block_nr = static_cast<unsigned>(ring_memory / block_size_);
  request.tp_frame_size = request.tp_block_size;  // frames are as long as they are
  request.tp_frame_nr = request.tp_block_nr;
  request.tp_retire_blk_tov = close_after_ms;
  set_option(socket_.get(), PACKET_RX_RING, request, "making the capture ring");
  void* memory = mmap(nullptr, ring_memory, PROT_READ | PROT_WRITE, MAP_SHARED, socket_.get(), 0);
  if (memory == MAP_FAILED) throw system_error("mapping the capture ring");
  ring_ = static_cast<std::uint8_t*>(memory);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  if (address.sll_ifindex == 0) throw system_error(fmt::format("finding interface '{}'", interface));
  if (bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw system_error(fmt::format("capturing on '{}'", interface));
}

PacketRing::~PacketRing() {
  if (ring_ != nullptr) munmap(ring_, ring_memory);
}

bool PacketRing::peek(Frame& frame) {
  if (frame_ == nullptr) {
    auto& header = reinterpret_cast<tpacket_block_desc*>(block())->hdr.bh1;
    const std::uint32_t status = std::atomic_ref(header.block_status).load(std::memory_order_acquire);
    if ((status & TP_STATUS_USER) == 0) return false;
    frame_ = block() + header.offset_to_first_pkt;
    frames_left_ = header.num_pkts;
    if (frames_left_ == 0) {
      give_back();
      return false;
    }
  }
  const auto* header = reinterpret_cast<const tpacket3_hdr*>(frame_);
  const auto* link = reinterpret_cast<const sockaddr_ll*>(frame_ + sizeof(tpacket3_hdr));
  const auto* vnet = reinterpret_cast<const VnetHeader*>(frame_ + header->tp_mac - sizeof(VnetHeader));
  frame.time_ns = std::int64_t{header->tp_sec} * 1'000'000'000 + header->tp_nsec;
  frame.length = header->tp_len;
  frame.has_direction = true;
  frame.to_guest = link->sll_pkttype == PACKET_OUTGOING;
  frame.has_vnet = true;
  frame.gso = gso_of(*vnet);
  frame.gso_size = frame.gso == GsoType::none ? std::uint16_t{0} : vnet->gso_size;
  frame.needs_checksum = (vnet->flags & vnet_needs_checksum) != 0;
  frame.bytes = {frame_ + header->tp_mac, header->tp_snaplen};
  return true;
}

void PacketRing::release() {
  ++taken_;
  if (--frames_left_ == 0)
    give_back();
  else
    frame_ += reinterpret_cast<const tpacket3_hdr*>(frame_)->tp_next_offset;
}

void PacketRing::give_back() {
  auto& header = reinterpret_cast<tpacket_block_desc*>(block())->hdr.bh1;
  std::atomic_ref(header.block_status).store(TP_STATUS_KERNEL, std::memory_order_release);
  frame_ = nullptr;
  next_ = (next_ + 1) % (ring_memory / block_size_);
}

void PacketRing::settle(const std::function<void()>& take) {
  read_statistics();
  const std::uint64_t last = arrived_ - drops_;
  const Deadline deadline(fmt::format("the last of {} captured frames, which the kernel still keeps", last),
                          settle_limit);
  for (take(); taken_ < last; take()) {
    deadline.check({});
    pollfd closed{socket_.get(), POLLIN, 0};
    poll(&closed, 1, static_cast<int>(deadline.left(std::chrono::milliseconds(close_after_ms)).count()));
  }
}

std::uint64_t PacketRing::drops() {
  read_statistics();
  return drops_;
}

// The kernel forgets its counts when it has told them.
void PacketRing::read_statistics() {
  tpacket_stats_v3 statistics{};
  socklen_t size = sizeof statistics;
  if (getsockopt(socket_.get(), SOL_PACKET, PACKET_STATISTICS, &statistics, &size) != 0)
    throw system_error("reading the capture's statistics");
  arrived_ += statistics.tp_packets;
  drops_ += statistics.tp_drops;
}

}  // namespace offlab
