// The values that settings take: from text, back to text, and the words that say what is allowed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "model/address.h"
#include "model/topology.h"

namespace offlab {

struct Range {
  unsigned low = 0;
  unsigned high = 0;
};

inline constexpr Range mtu_range{68, 65535};  // RFC 791
inline constexpr Range vcpus_range{1, 64};
inline constexpr Range queues_range{1, 16};
inline constexpr Range memory_range{128, 65536};  // MiB
inline constexpr Range streams_range{1, 128};     // iperf3's MAX_STREAMS

template <typename Value>
struct Values {
  std::function<std::optional<Value>(const std::string&)> parse;
  std::function<std::string(const Value&)> text;  // parse() gives the same value again
  std::string wanted;                             // for a hint: "a number from 68 to 65535"
  std::string shown;                              // for a list: "68..65535"
};

Values<HypervisorLro> lro_values();
Values<LroFamilies> lro_families_values();
Values<NicModel> model_values();
Values<Family> family_values();
Values<BackgroundSender> background_values();
Values<bool> on_off_values();  // "true" and "false" as well
Values<bool> true_false_values();
// Of what a router does to a header field: "kept" or "any"; true is any.
Values<bool> kept_any_values();
Values<unsigned> number_values(Range range, const std::string& unit = "");
Values<Mtu> mtu_values();
Values<std::string> kernel_values();
Values<std::string> image_values();
Values<double> share_values();
Values<double> ratio_values(double low, double high);
Values<double> duration_values(double shortest_seconds);
Values<BitRate> rate_values();
Values<double> delay_values();
Values<double> loss_values();
Values<ByteCount> queue_values();
// One line without control characters: what a sysctl may take.
Values<std::string> line_values();

// "6.1.0-47-amd64"
bool is_kernel_release(std::string_view text);

}  // namespace offlab
