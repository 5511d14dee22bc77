#include "capture/annotate_capture.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <fmt/core.h>

#include "base/error.h"
#include "base/handle.h"
#include "capture/pcapng_blocks.h"
#include "capture/pcapng_encode.h"
#include "capture/pcapng_format.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// The new file, which is gone unless it takes the old one's place.
class Replacement {
 public:
  explicit Replacement(const fs::path& file)
      : file_(file), fresh_(file.string() + ".new"), stream_(std::fopen(fresh_.c_str(), "wb")) {
    if (!stream_) throw system_error(fmt::format("creating {}", fresh_.string()));
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;
  ~Replacement() {
    std::error_code ignored;
    if (!in_place_) fs::remove(fresh_, ignored);
  }

  void write(std::span<const std::uint8_t> bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stream_.get()) != bytes.size())
      throw system_error(fmt::format("writing {}", fresh_.string()));
  }
  void take_its_place() {
    if (std::fclose(stream_.release()) != 0) throw system_error(fmt::format("writing {}", fresh_.string()));
    fs::permissions(fresh_, fs::status(file_).permissions());
    fs::rename(fresh_, file_);
    in_place_ = true;
  }

 private:
  fs::path file_;
  fs::path fresh_;
  Handle<std::FILE, std::fclose> stream_;
  bool in_place_ = false;
};

bool is_finding(const PcapngOption& option) {
  return option.code == pcapng::option_comment && option.text().rfind(pcapng::finding_comment, 0) == 0;
}

[[noreturn]] void refuse(const std::string& name) {
  throw Error(fmt::format("{} was not written by offlab, and is left as it is", name));
}

PcapngBlocks open_blocks(const fs::path& file) {
  CaptureStream stream(file);
  const auto start = stream.peek(4);
  if (start.empty() || !PcapngBlocks::recognises(start)) refuse(stream.name());
  return PcapngBlocks(std::move(stream));
}

void require_ours(const PcapngBlock& section, const PcapngBlocks& blocks) {
  constexpr std::size_t fixed = 16;
  bool ours = false;
  if (blocks.order().order == std::endian::little && section.body.size() >= fixed) {
    PcapngOptions options(section.body.subspan(fixed), blocks.order());
    for (PcapngOption option; options.next(option);)
      ours = ours || (option.code == pcapng::option_user_application && option.text() == pcapng::user_application);
  }
  if (!ours) refuse(blocks.name());
}

// A packet block with its findings replaced by those in [first, last).
void rewrite_packet(const PcapngBlock& packet, const PcapngBlocks& blocks, FrameComments::const_iterator first,
                    FrameComments::const_iterator last, pcapng::Block& rewritten) {
  constexpr std::size_t fixed = 20;
  if (packet.body.size() < fixed || blocks.order().u32(packet.body, 12) > packet.body.size() - fixed)
    throw blocks.damaged("a packet is longer than its block");
  const std::size_t data = fixed + pcapng::padded(blocks.order().u32(packet.body, 12));
  pcapng::begin_block(rewritten, packet.type);
  pcapng::append_padded(rewritten, packet.body.first(data));
  PcapngOptions options(packet.body.subspan(data), blocks.order());
  for (PcapngOption option; options.next(option);)
    if (!is_finding(option)) pcapng::append_padded(rewritten, option.whole);
  if (options.ran_past()) throw blocks.damaged("the options of a block run past its end");
  for (; first != last; ++first)
    pcapng::append_option(rewritten, pcapng::option_comment, std::string(pcapng::finding_comment) + first->second);
  pcapng::append_padded(rewritten, options.rest());
  pcapng::end_block(rewritten);
}

}  // namespace

void annotate_capture(const fs::path& file, const FrameComments& comments) {
  PcapngBlocks blocks = open_blocks(file);
  Replacement replacement(file);
  pcapng::Block rewritten;
  std::uint64_t number = 0;
  for (PcapngBlock block; blocks.next(block);) {
    if (block.type == pcapng::section_header) require_ours(block, blocks);
    if (block.whole.empty()) refuse(blocks.name());
    if (block.type != pcapng::enhanced_packet) {
      replacement.write(block.whole);
      continue;
    }
    blocks.count_frame();
    const auto [first, last] = comments.equal_range(++number);
    rewrite_packet(block, blocks, first, last, rewritten);
    replacement.write(rewritten);
  }
  if (!comments.empty() && (comments.begin()->first < 1 || comments.rbegin()->first > number))
    throw Error(fmt::format("{} has {} frames, but a comment is for frame {}", file.string(), number,
                            comments.begin()->first < 1 ? comments.begin()->first : comments.rbegin()->first));
  replacement.take_its_place();
}

}  // namespace offlab
