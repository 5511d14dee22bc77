// Reads the capture files that PcapngWriter wrote: little-endian pcapng with one Ethernet interface.
#pragma once

#include <cstdio>
#include <filesystem>
#include <vector>

#include "base/handle.h"
#include "model/frame.h"

namespace offlab {

class PcapngReader : public FrameSource {
 public:
  // Throws Error when the file cannot be opened or is not such a file.
  explicit PcapngReader(std::filesystem::path file);

  // Unknown blocks are passed over. A file that ends inside a block (the writer was killed) or whose lengths do not
  // fit throws Error.
  bool next(Frame& frame) override;

 private:
  bool read_block();
  void parse_packet(Frame& frame) const;

  std::filesystem::path path_;
  Handle<std::FILE, std::fclose> file_;
  std::uint32_t type_ = 0;
  std::vector<std::uint8_t> body_;
};

}  // namespace offlab
