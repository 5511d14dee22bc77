#include "bundle/capture_output.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.h"
#include "capture/capture_file.h"
#include "unit/bundle/checked_packets.h"
#include "unit/temp_folder.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

class Output : public testing::Test {
 protected:
  // Of these interfaces, and the kernel's numbers of them.
  void write(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& places, const CaptureForm& form) {
    CaptureOutput output(file_, form);
    for (const auto& [interface, link_index] : places) {
      StoredFrame frame = frame_of(tcp_packet({}));
      frame.frame.interface = interface;
      frame.frame.link_index = link_index;
      output.write(seen(frame));
    }
    output.finish();
    EXPECT_EQ(output.frames(), places.size());
    EXPECT_EQ(output.bytes(), fs::file_size(file_));
  }
  std::vector<std::uint16_t> interfaces() const {
    std::vector<std::uint16_t> all;
    for (const StoredFrame& frame : all_frames(*open_capture_file(file_))) all.push_back(frame.frame.interface);
    return all;
  }
  std::vector<std::string> names() const {
    const auto file = open_capture_file(file_);
    for (Frame frame; file->next(frame);) continue;
    std::vector<std::string> all;
    for (const CaptureInterface& one : file->interfaces()) all.push_back(one.name);
    return all;
  }

  TempFolder folder_;
  fs::path file_ = folder_.path() / "out.pcapng";
};

TEST_F(Output, EachInterfaceAndEachNumberOfTheKernelIsAPlaceOfItsOwn) {
  write({{1, 0}, {0, 0}, {1, 0}, {0, 7}, {0, 8}, {0, 7}}, {.interfaces = {"eth0", "eth1"}});
  EXPECT_EQ(interfaces(), (std::vector<std::uint16_t>{0, 1, 0, 2, 3, 2}));
  EXPECT_EQ(names(), (std::vector<std::string>{"eth1", "eth0", "eth0, link 7", "eth0, link 8"}));
}

TEST_F(Output, WithoutNamesInterfacesAreNumbered) {
  write({{4, 9}, {5, 0}}, {});
  EXPECT_EQ(names(), (std::vector<std::string>{"interface 0", "interface 1"}));
}

TEST_F(Output, NoFrameIsACaptureAsWell) {
  write({}, {});
  EXPECT_TRUE(interfaces().empty());
}

TEST_F(Output, OfSegmentSizesItSaysWhatIsKnown) {
  for (const bool known : {true, false}) {
    write({{0, 0}}, {.has_segment_sizes = known});
    EXPECT_EQ(all_frames(*open_capture_file(file_)).at(0).frame.has_vnet, known);
  }
}

TEST_F(Output, AFileThatCannotBeMadeIsAnError) {
  CaptureOutput output(folder_.path() / "no/such/folder", {});
  EXPECT_THROW(output.finish(), Error);
}

}  // namespace
}  // namespace offlab
