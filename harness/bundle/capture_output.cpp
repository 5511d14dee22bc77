#include "bundle/capture_output.h"

#include <fmt/core.h>

namespace offlab {

CaptureOutput::CaptureOutput(std::filesystem::path file, CaptureForm form)
    : file_(std::move(file)), form_(std::move(form)) {}

void CaptureOutput::open(const std::string& first_interface) {
  constexpr std::uint32_t snap_length = 262'144;  // as tcpdump's: frames are as long as they were kept
  writer_.emplace(file_, PcapngWriter::Interface{.name = first_interface,
                                                 .description = {},
                                                 .snap_length = snap_length,
                                                 .has_segment_sizes = form_.has_segment_sizes,
                                                 .has_directions = false});
}

std::string CaptureOutput::name_of(const Place& place) const {
  const auto [interface, link_index] = place;
  if (form_.interfaces.empty()) return fmt::format("interface {}", interfaces_.at(place));
  std::string name = interface < form_.interfaces.size() ? form_.interfaces[interface] : "";
  if (name.empty()) name = fmt::format("interface {}", interface);
  return link_index == 0 ? name : fmt::format("{}, link {}", name, link_index);
}

std::uint16_t CaptureOutput::interface_of(const Place& place) {
  const auto [known, is_new] = interfaces_.try_emplace(place, static_cast<std::uint16_t>(interfaces_.size()));
  if (!is_new) return known->second;
  if (writer_)
    writer_->add_interface(name_of(place));
  else
    open(name_of(place));
  return known->second;
}

void CaptureOutput::write(const Frame& frame) {
  Frame written = frame;
  written.interface = interface_of({frame.interface, frame.link_index});
  writer_->write(written);
  ++frames_;
}

void CaptureOutput::finish() {
  if (!writer_) interface_of({0, 0});
  writer_->flush();
}

}  // namespace offlab
