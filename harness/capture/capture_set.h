// The captures of one side of a router: one file, or several that follow each other (ring files), compressed or not, or
// a pipe.
//
// What is compressed or comes through a pipe is read once; its frames are kept in a temporary file for the next time
// (frame_spool.h), cut to what that keeps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "capture/capture_file.h"
#include "model/frame.h"

namespace offlab {

// Throws Error where two of them are the same file, by whatever names. "-" is standard input. What is not there is no
// mistake here; opening it tells.
void require_different_files(const std::vector<std::filesystem::path>& files);

// Where a frame of several files is.
struct FramePlace {
  std::filesystem::path file;
  std::uint64_t number = 0;  // in that file, from 1
};

// Copies are the same set.
class CaptureSet {
 public:
  // `files`: paths in any order; "-" is standard input. Throws Error as open_capture_file does, for the same file
  // twice, for a folder and for a terminal, and when none of several files has a frame. A pipe is read up to its first
  // frame.
  explicit CaptureSet(const std::vector<std::filesystem::path>& files);

  // From the first frame on, any number of times, one at the side of another as well; none may outlive the set. Files
  // come in the order of their first frame's time. A file that ends early is good up to there (see cut_off), and so is
  // a compressed file up to any damage; other damage is an Error. The numbers of interfaces continue over the files.
  std::unique_ptr<FrameSource> open() const;

  // "wan.pcap", or "wan.pcap0 and 3 more"; "standard input".
  std::string name() const;
  // In the order in which they are read.
  const std::vector<std::filesystem::path>& files() const;

  // After a FrameSource was read to its end:
  // Why a file was read only in part, of the first one that was; empty when none was.
  std::string cut_off() const;
  // Of Frame::interface.
  std::vector<CaptureInterface> interfaces() const;

  // Of a frame that was read, by its number in the set, from 1.
  FramePlace place_of(std::uint64_t number) const;
  // The same for people: "frame 17", or "wan.pcap3 #17" where there are several files.
  std::string frame_name(std::uint64_t number) const;

 private:
  struct State;
  class FilesInOrder;
  class SpooledFrames;

  std::shared_ptr<State> state_;
};

}  // namespace offlab
