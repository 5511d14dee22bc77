// The part of captures that matters: from their first frame on, as long as it takes to be judged as the whole is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bundle/judged_evidence.h"

namespace offlab {

struct SlicedCapture {
  std::filesystem::path file;
  std::uint64_t frames = 0;      // in the slice
  std::uint64_t all_frames = 0;  // in the capture
  std::uint64_t bytes = 0;       // of the slice's file
};

struct CaptureSlice {
  JudgedEvidence made;      // the slice: its files, and what is judged of them; counters are those of the whole
  bool is_whole = false;    // nothing shorter is judged the same
  std::int64_t end_ns = 0;  // the latest time in it, since the epoch, on the clock of the capture before the router
  double seconds = 0;       // from the first frame of all captures to there
  std::vector<SlicedCapture> captures;  // before the router first
};

// All captures end at the same time, so that both sides of the router fit together; a difference of their clocks that
// was judged is taken into account. Tried in turn: some ends soon after the first frame of the judged flow (0.2 to 10
// s), and 50 ms after the sixth and the last of the frames that show what is violated; then everything. Judged the
// same: outcome, classes of fault, violated invariants, and the hosts that are judged.
//
// Writes one file for each capture into `folder`, with the findings as packet comments, in place of old files of that
// name; all of them, or none. Frames keep their bytes, as far as what reads them keeps them: of compressed captures
// FrameSpool::kept_bytes. A capture that ends inside a packet counts up to there (`original.judged.cut_off`).
//
// Throws Error when a capture cannot be read or is damaged, when a file cannot be written, and when not even everything
// is judged the same once it is written anew.
CaptureSlice slice_captures(const JudgedEvidence& original, const AssumedRouter& router,
                            const std::filesystem::path& folder, const CaptureNames& names = {});

}  // namespace offlab
