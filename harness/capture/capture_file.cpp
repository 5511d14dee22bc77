#include "capture/capture_file.h"

#include <array>
#include <utility>

#include <fmt/core.h>

#include "capture/pcap_reader.h"
#include "capture/pcapng_reader.h"

namespace offlab {
namespace {

// Formats that users may well hand us, by the first two bytes.
constexpr std::array<std::pair<std::uint16_t, const char*>, 4> other_formats = {
    {{0x1f8b, "gzip"}, {0x28b5, "zstd"}, {0x0422, "lz4"}, {0xfd37, "xz"}}};

Error unknown_format(const CaptureStream& stream, std::span<const std::uint8_t> start) {
  const std::uint16_t first = ByteOrder{std::endian::big}.u16(start, 0);
  for (const auto& [magic, program] : other_formats)
    if (first == magic)
      return Error(fmt::format("{} is compressed", stream.name()), fmt::format("unpack it first, with {} -d", program));
  return Error(fmt::format("{} is neither a pcap nor a pcapng file", stream.name()),
               "what tcpdump prints is no capture: tcpdump -w FILE writes one; if Wireshark can read it, convert it: "
               "editcap -F pcapng FILE NEW.pcapng");
}

std::unique_ptr<CaptureFile> read_capture(CaptureStream stream) {
  if (stream.at_end()) throw Error(fmt::format("{} is empty", stream.name()));
  const auto start = stream.peek(4);
  if (start.empty()) throw Error(fmt::format("{} is too short for a capture", stream.name()));
  if (PcapngBlocks::recognises(start)) return std::make_unique<PcapngReader>(std::move(stream));
  if (PcapReader::recognises(start)) return std::make_unique<PcapReader>(std::move(stream));
  throw unknown_format(stream, start);
}

}  // namespace

std::unique_ptr<CaptureFile> open_capture_file(const std::filesystem::path& file) {
  return read_capture(CaptureStream(file));
}

std::unique_ptr<CaptureFile> open_capture_file(UniqueFd file, const std::filesystem::path& name) {
  return read_capture(CaptureStream(std::move(file), name));
}

}  // namespace offlab
