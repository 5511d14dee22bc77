// Frames as another capture of the same traffic would have had them: fewer, shorter, more often, by another clock.
// Pure.
#pragma once

#include <functional>
#include <initializer_list>

#include "unit/runner/captured_pair.h"

namespace offlab {

using IsWanted = std::function<bool(const StoredFrame&)>;

Frames only(const Frames& frames, const IsWanted& is_wanted);
Frames without(const Frames& frames, const IsWanted& is_unwanted);
// The first frames of the file, a part of 1.
Frames first_part(const Frames& frames, double part);

// From the first to the last data frame.
struct TransferTimes {
  std::int64_t begin_ns = 0;
  std::int64_t end_ns = 0;
};
TransferTimes transfer_times(const Frames& frames);
Frames begun_at(const Frames& frames, std::int64_t time_ns);
Frames ended_at(const Frames& frames, std::int64_t time_ns);

// A share of the frames is not there, always the same ones for a seed.
Frames with_losses(const Frames& frames, double share, unsigned seed);
Frames shifted(Frames frames, std::int64_t by_ns);
// The clock gains so many parts of a million.
Frames drifted(Frames frames, double parts_per_million);
Frames cut_at(Frames frames, std::size_t snap_length);
// Each frame so many times, the copies 4 us apart.
Frames repeated(const Frames& frames, unsigned times);
// In the order of time.
Frames merged(std::initializer_list<Frames> parts);
// In another order than that of their times, by at most so much; the same one for a seed.
Frames disordered(const Frames& frames, std::int64_t by_ns, unsigned seed);
// Frames of a pcapng's interface.
Frames of_interface(Frames frames, std::uint16_t interface);

// ICMP errors of which the capture has eight bytes, or which are no longer than that.
Frames with_cut_errors(Frames frames);
Frames with_short_errors(Frames frames);
// The IP header says 0, as the kernel leaves it in some frames which the NIC has yet to cut.
Frames without_ip_length(Frames frames, std::uint32_t longer_than, bool with_checksum);

// The router lets nothing through any more from the middle of the transfer on, and says nothing: the sender goes on for
// ten frames and then sends the first of them again and again.
CapturedPair stopped_router(const CapturedPair& pair);

}  // namespace offlab
