// Traffic of others in the same capture. Pure, but for the pair in tests/data/field-pairs that it is taken from.
#pragma once

#include "unit/runner/captured_pair.h"

namespace offlab {

// A healthy transfer of the same sender at the same time, over other ports, with at least the data of the pair's own.
// Over IPv4, also where the pair's own is not.
CapturedPair with_bigger_flow(const CapturedPair& pair);

// A router refuses packets of another sender, which are too long for another way: once for each twenty frames.
Frames with_errors_of_another_flow(const Frames& frames);

// UDP packets between two others, one for each twenty frames, with times off by so much, on an interface of the file.
Frames with_strangers(const Frames& frames, std::int64_t off_ns, std::uint16_t interface);

}  // namespace offlab
