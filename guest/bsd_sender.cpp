// The sender: a table of streams behind a packet socket. Its address belongs to nobody else: the kernel does not have
// it and does not forward, so it drops in silence what comes for it, instead of answering with RST; ARP requests for it
// are answered here. Frames go through the NIC's queue (and so through the rate of the lab's uplink) as the kernel's
// own do, with the segment size beside them (PACKET_VNET_HDR, packet(7)).
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "background.h"
#include "bsd_stream.h"
#include "wire.h"

namespace offlab::guest {
namespace {

constexpr std::array<std::uint8_t, 3> lab_mac = {0x52, 0x54, 0x01};  // of every NIC that carries a lab's traffic

// What stands before each frame: struct virtio_net_hdr of linux/virtio_net.h, which no C++ compiler reads.
struct SegmentSizes {
  std::uint8_t flags = 0;
  std::uint8_t type = 0;
  std::uint16_t header_size = 0;
  std::uint16_t segment_size = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
};
constexpr std::uint8_t needs_checksum = 1;
constexpr std::uint8_t type_tcp4 = 1;

// A socket for frames of one protocol on one interface.
class FrameSocket {
 public:
  FrameSocket() = default;
  FrameSocket(const FrameSocket&) = delete;
  FrameSocket& operator=(const FrameSocket&) = delete;
  ~FrameSocket() {
    if (descriptor_ >= 0) close(descriptor_);
  }

  bool open(unsigned interface, std::uint16_t protocol) {
    descriptor_ = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_ll address = {};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(protocol);
    address.sll_ifindex = static_cast<int>(interface);
    return descriptor_ >= 0 && bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }

  // With SegmentSizes before each frame, both ways.
  bool use_segment_sizes() const {
    const int on = 1;
    return setsockopt(descriptor_, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on) == 0;
  }

  // That the queue before the NIC says what has no room, and not the socket.
  bool hold_more_than_any_queue() const {
    const int bytes = 16'000'000;
    return setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) == 0;
  }

  // IPv4 packets to `address` only.
  bool accept_only(std::uint32_t address) const {
    constexpr std::uint32_t destination = ethernet_size + 16;
    std::array<sock_filter, 4> code = {{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, destination},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, address},
        {BPF_RET | BPF_K, 0, 0, 0xffff},
        {BPF_RET | BPF_K, 0, 0, 0},
    }};
    const sock_fprog program = {code.size(), code.data()};
    return setsockopt(descriptor_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
  }

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_ = -1;
};

std::optional<Mac> mac_of(int socket, const char* interface) {
  ifreq request = {};
  std::strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
  if (ioctl(socket, SIOCGIFHWADDR, &request) != 0) return std::nullopt;
  Mac mac;
  std::copy_n(request.ifr_hwaddr.sa_data, mac.size(), mac.begin());
  return mac;
}

struct Counts {
  std::uint64_t connections = 0;
  std::uint64_t bytes = 0;  // on the wire: with the headers of each segment
  std::uint64_t payload_bytes = 0;
  std::uint64_t written_bytes = 0;  // by the application
  std::uint64_t resent_bytes = 0;   // of the payload
  std::uint64_t frames = 0;
  std::uint64_t acknowledged_bytes = 0;
  std::uint64_t errors = 0;   // "fragmentation needed" that sent a window again
  std::uint64_t ignored = 0;  // and those about what was acknowledged meanwhile
  std::uint64_t timeouts = 0;
  std::uint64_t lost = 0;  // frames for which the queue had no room
};

// A token bucket; it holds what may go out in 20 ms, and one largest frame at least.
class Allowance {
 public:
  explicit Allowance(std::uint64_t bits_per_second)
      : rate_(static_cast<double>(bits_per_second) / 8e6),
        depth_(std::max(rate_ * 20'000, 70'000.0)),
        tokens_(depth_) {}

  bool is_left(Microseconds at) {
    tokens_ = std::min(depth_, tokens_ + rate_ * static_cast<double>(at - filled_));
    filled_ = at;
    return tokens_ > 0;
  }
  void spend(std::uint64_t bytes) { tokens_ -= static_cast<double>(bytes); }
  // Until something is left again.
  Microseconds wait() const { return tokens_ > 0 ? 0 : static_cast<Microseconds>(-tokens_ / rate_) + 1; }

 private:
  double rate_;  // bytes a microsecond
  double depth_;
  double tokens_;
  Microseconds filled_ = now();
};

class Sender {
 public:
  explicit Sender(const SenderOptions& options) : options_(options), allowance_(options.rate) {}

  // Null, or what is wrong.
  const char* open() {
    const unsigned interface = if_nametoindex(options_.interface);
    if (interface == 0) return "no such interface";
    if (!ip_.open(interface, ETH_P_IP) || !ip_.use_segment_sizes() || !ip_.hold_more_than_any_queue() ||
        !ip_.accept_only(options_.address) || !arp_.open(interface, ETH_P_ARP))
      return std::strerror(errno);
    const auto mac = mac_of(ip_.descriptor(), options_.interface);
    if (!mac || !std::equal(lab_mac.begin(), lab_mac.end(), mac->begin())) return "the interface is none of a lab's";
    mac_ = *mac;
    return nullptr;
  }

  const char* run() {
    const Control control;
    const Microseconds end = now() + options_.bounds.seconds * 1'000'000;
    std::array<pollfd, 3> polled = {
        {{ip_.descriptor(), POLLIN, 0}, {arp_.descriptor(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    for (;;) {
      const Microseconds at = now();
      if (at >= end) return "time";
      if (counts_.bytes >= options_.bounds.bytes) return "bytes";
      const timespec wait = {0, static_cast<long>(next_wait(at) * 1000)};
      ppoll(polled.data(), polled.size(), &wait, nullptr);
      if (const char* why = Control::end(polled[2].revents != 0)) return why;
      if (polled[1].revents != 0) answer_arp();
      if (polled[0].revents != 0) take_frames();
      tick(now());
      write_objects(now());
      send_what_may_go();
    }
  }

  void reset_all() {
    for (BsdStream& stream : streams_)
      if (!stream.is_closed()) reset(stream);
  }

  void report(const char* why) const {
    std::uint64_t acknowledged = counts_.acknowledged_bytes;
    for (const BsdStream& stream : streams_) acknowledged += stream.acknowledged_bytes();
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::printf(
        "{\"connections\": %llu, \"seconds\": %.3f, \"written_bytes\": %llu, \"sent_bytes\": %llu, \"sent_frames\": "
        "%llu, "
        "\"payload_bytes\": %llu, "
        "\"resent_bytes\": "
        "%llu, \"acknowledged_bytes\": %llu, \"errors\": %llu, \"ignored_errors\": %llu, \"timeouts\": %llu, "
        "\"lost_frames\": %llu, \"end\": \"%s\"}\n",
        number(counts_.connections), begun_ == 0 ? 0 : static_cast<double>(now() - begun_) / 1e6,
        number(counts_.written_bytes), number(counts_.bytes), number(counts_.frames), number(counts_.payload_bytes),
        number(counts_.resent_bytes), number(acknowledged), number(counts_.errors), number(counts_.ignored),
        number(counts_.timeouts), number(counts_.lost), why);
  }

 private:
  Microseconds next_wait(Microseconds at) {
    Microseconds wait = 100'000;
    if (is_waiting_) wait = std::min(wait, allowance_.wait());
    for (const BsdStream& stream : streams_)
      if (const auto due = stream.next_tick()) wait = std::min(wait, *due > at ? *due - at : 0);
    if (begun_ != 0) wait = std::min(wait, next_object_ > at ? next_object_ - at : 0);
    return wait;
  }

  // From when all connections are up, so that none has to come up beside the load, the streams get their objects one
  // after the other, evenly over the time.
  void write_objects(Microseconds at) {
    if (begun_ == 0) {
      if (!std::all_of(streams_.begin(), streams_.begin() + options_.streams,
                       [](const BsdStream& stream) { return stream.is_established(); }))
        return;
      begun_ = next_object_ = at;
    }
    for (; next_object_ <= at; next_object_ += options_.every * 1000 / options_.streams) {
      const std::uint32_t taken = streams_[next_written_].write(options_.object, at);
      counts_.written_bytes += taken;
      next_written_ = (next_written_ + 1) % options_.streams;
    }
  }

  void answer_arp() {
    for (;;) {
      const ssize_t size = recv(arp_.descriptor(), received_.data(), received_.size(), 0);
      if (size < 0) return;
      const auto asker = parse_arp_request(received_.data(), static_cast<std::size_t>(size), options_.address);
      if (!asker) continue;
      const auto reply = arp_reply(mac_, options_.address, *asker);
      ::send(arp_.descriptor(), reply.data(), reply.size(), 0);
    }
  }

  // A few at a time, so that what they lead to is sent meanwhile.
  void take_frames() {
    for (int i = 0; i < 64; ++i) {
      const ssize_t size = recv(ip_.descriptor(), received_.data(), received_.size(), 0);
      if (size < static_cast<ssize_t>(sizeof(SegmentSizes))) return;
      const std::uint8_t* frame = received_.data() + sizeof(SegmentSizes);
      const std::size_t length = static_cast<std::size_t>(size) - sizeof(SegmentSizes);
      if (const auto segment = parse_segment(frame, length))
        take(*segment);
      else if (const auto error = parse_need_frag(frame, length))
        take(*error);
    }
  }

  BsdStream* find(const Ends& ends) {
    const auto found = std::find_if(streams_.begin(), streams_.end(), [&](const BsdStream& stream) {
      return !stream.is_closed() && stream.ends() == ends;
    });
    return found == streams_.end() ? nullptr : &*found;
  }

  void take(const Segment& segment) {
    if (segment.ends.port_here != options_.port || !is_lab_address(segment.ends.there)) return;
    BsdStream* stream = find(segment.ends);
    if (stream == nullptr) {
      if ((segment.flags & (flag_syn | flag_ack | flag_rst)) == flag_syn) accept(segment);
      return;
    }
    if ((segment.flags & flag_syn) != 0) return;  // its retransmission timer answers again
    stream->receive(segment, now());
    if (!stream->is_closed()) return;
    if ((segment.flags & flag_rst) == 0) reset(*stream);
    forget(*stream);
  }

  void accept(const Segment& syn) {
    const auto free = std::find_if(streams_.begin(), streams_.begin() + options_.streams,
                                   [](const BsdStream& stream) { return stream.is_closed(); });
    if (free == streams_.begin() + options_.streams) return;
    const Microseconds at = now();
    *free = BsdStream(syn, static_cast<std::uint32_t>(at * 4), at);
    ++counts_.connections;
    answer_syn(*free);
  }

  void take(const NeedFrag& error) {
    BsdStream* stream = find(error.ends);
    if (stream == nullptr) return;
    ++(stream->receive(error) ? counts_.errors : counts_.ignored);
  }

  void forget(BsdStream& stream) {
    counts_.acknowledged_bytes += stream.acknowledged_bytes();
    stream = BsdStream();
  }

  void tick(Microseconds at) {
    for (BsdStream& stream : streams_) {
      if (stream.tick(at)) ++counts_.timeouts;
      if (stream.owes_syn_ack()) answer_syn(stream);
    }
  }

  // One frame of each stream in turn, as long as the rate has room.
  void send_what_may_go() {
    is_waiting_ = false;
    const Microseconds at = now();
    for (unsigned idle = 0; idle < options_.streams; next_ = (next_ + 1) % options_.streams) {
      if (!allowance_.is_left(at) || counts_.bytes >= options_.bounds.bytes) {
        is_waiting_ = true;
        return;
      }
      BsdStream& stream = streams_[next_];
      const auto piece = stream.next_piece(options_.segments, at);
      idle = piece ? 0 : idle + 1;
      if (piece) send(stream, *piece);
    }
  }

  void answer_syn(BsdStream& stream) {
    send(stream, {.sequence = stream.first(), .flags = flag_syn | flag_ack, .mss = 1460}, 0);
    stream.syn_ack_was_sent();
  }

  void reset(const BsdStream& stream) {
    send(stream, {.sequence = stream.next_sequence(), .flags = flag_rst | flag_ack}, 0);
  }

  void send(const BsdStream& stream, const Piece& piece) {
    send(stream, {.sequence = piece.sequence, .flags = flag_ack, .payload = piece.size}, stream.mss());
    counts_.payload_bytes += piece.size;
    if (piece.again) counts_.resent_bytes += piece.size;
  }

  void send(const BsdStream& stream, Outgoing outgoing, std::uint32_t mss) {
    outgoing.ends = stream.ends();
    outgoing.from = mac_;
    outgoing.to = stream.peer();
    outgoing.acknowledged = stream.received_up_to();
    outgoing.window = 65535;
    outgoing.identification = identification_++;
    std::array<std::uint8_t, headers_size + 4> headers;
    const std::size_t size = write_headers(outgoing, headers.data());
    SegmentSizes beside = {.flags = needs_checksum, .checksum_start = ethernet_size + ip_size, .checksum_offset = 16};
    const bool is_large = mss != 0 && outgoing.payload > mss;
    if (is_large) {
      beside.type = type_tcp4;
      beside.segment_size = static_cast<std::uint16_t>(mss);
      beside.header_size = static_cast<std::uint16_t>(size);
    }
    std::array<iovec, 3> parts = {
        {{&beside, sizeof beside}, {headers.data(), size}, {payload_.data(), outgoing.payload}}};
    const std::uint64_t segments = is_large ? (outgoing.payload + mss - 1) / mss : 1;
    const std::uint64_t bytes = outgoing.payload + segments * size;
    allowance_.spend(bytes);
    // The queue before the NIC stands for the uplink's, which tells nobody what it drops.
    if (writev(ip_.descriptor(), parts.data(), parts.size()) < 0) {
      ++counts_.lost;
      return;
    }
    counts_.bytes += bytes;
    ++counts_.frames;
  }

  SenderOptions options_;
  FrameSocket ip_;
  FrameSocket arp_;
  Mac mac_ = {};
  Allowance allowance_;
  Counts counts_;
  std::array<BsdStream, most_streams> streams_;
  unsigned next_ = 0;
  unsigned next_written_ = 0;
  Microseconds begun_ = 0;  // when all connections were up; 0: not yet
  Microseconds next_object_ = 0;
  bool is_waiting_ = false;
  std::uint16_t identification_ = 1;
  std::array<std::uint8_t, sizeof(SegmentSizes) + largest_frame> received_;
  std::array<std::uint8_t, 65536> payload_ = {};
};

}  // namespace

int run_sender(const SenderOptions& options) {
  static Sender sender(options);  // too large for the stack
  if (const char* wrong = sender.open()) {
    std::fprintf(stderr, "offlab-background: %s: %s\n", options.interface, wrong);
    return 1;
  }
  std::puts("listening");
  const char* why = sender.run();
  sender.reset_all();
  sender.report(why);
  return 0;
}

}  // namespace offlab::guest
