#include "capture/annotate_capture.h"

#include <utility>

#include <fmt/core.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/folder_below.h"
#include "base/new_file.h"
#include "capture/pcapng_blocks.h"
#include "capture/pcapng_encode.h"
#include "capture/pcapng_format.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

bool is_finding(const PcapngOption& option) {
  return option.code == pcapng::option_comment && option.text().rfind(pcapng::finding_comment, 0) == 0;
}

[[noreturn]] void refuse(const std::string& name) {
  throw Error(fmt::format("{} was not written by offlab, and is left as it is", name));
}

PcapngBlocks open_blocks(const fs::path& folder, const fs::path& relative) {
  CaptureStream stream(FolderBelow(folder).open_file(relative), folder / relative);
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
      ours = ours ||
             (option.code == pcapng::option_user_application && option.text().starts_with(pcapng::user_application));
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
    pcapng::append_option(rewritten, pcapng::option_comment,
                          std::string(pcapng::finding_comment) + clean_line(first->second));
  pcapng::append_padded(rewritten, options.rest());
  pcapng::end_block(rewritten);
}

}  // namespace

void annotate_capture(const fs::path& folder, const fs::path& relative, const FrameComments& comments) {
  PcapngBlocks blocks = open_blocks(folder, relative);
  NewFile replacement(folder, relative);
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
    throw Error(fmt::format("{} has {} frames, but a comment is for frame {}", (folder / relative).string(), number,
                            comments.begin()->first < 1 ? comments.begin()->first : comments.rbegin()->first));
  replacement.take_its_place();
}

}  // namespace offlab
