#include "setting/values.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

#include "setting/image_name.h"
#include "setting/shaping_text.h"

namespace offlab {
namespace {

constexpr std::size_t longest_line = 200;

// A closed set, by its words.
template <typename Value>
Values<Value> words(const std::vector<std::pair<std::string, Value>>& all, std::size_t shown) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < shown; ++i) names.push_back(all[i].first);
  return {[all](const std::string& text) -> std::optional<Value> {
            for (const auto& [word, value] : all)
              if (word == text) return value;
            return std::nullopt;
          },
          [all](const Value& wanted) {
            return std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.second == wanted; })->first;
          },
          fmt::format("one of: {}", fmt::join(names, ", ")), fmt::format("{}", fmt::join(names, " | "))};
}

template <typename Value, std::size_t count>
Values<Value> named(const Value (&values)[count]) {
  std::vector<std::pair<std::string, Value>> all;
  for (const Value value : values) all.emplace_back(to_string(value), value);
  return words(all, all.size());
}

std::optional<unsigned> parse_number(const std::string& text, Range range) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < range.low || number > range.high)
    return std::nullopt;
  return number;
}

// How many bytes the UTF-8 sequence at `i` has; 0 when it is none, or a control character.
std::size_t length_of_character(const std::string& text, std::size_t i) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const auto first = byte(i);
  if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
  const std::size_t length = first >= 0xf0 && first < 0xf5   ? 4
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xc2 && first < 0xe0 ? 2
                                                             : 0;
  for (std::size_t more = 1; more < length; ++more)
    if ((byte(i + more) & 0xc0U) != 0x80U) return 0;
  const bool overlong = (first == 0xe0 && byte(i + 1) < 0xa0) || (first == 0xf0 && byte(i + 1) < 0x90);
  const bool surrogate = first == 0xed && byte(i + 1) >= 0xa0;
  const bool beyond = first == 0xf4 && byte(i + 1) >= 0x90;
  const bool control = first == 0xc2 && byte(i + 1) < 0xa0;
  return overlong || surrogate || beyond || control ? 0 : length;
}

bool is_line(const std::string& text) {
  if (text.size() > longest_line) return false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = length_of_character(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

std::string as_it_is(const std::string& text) {
  return text;
}

}  // namespace

Values<HypervisorLro> lro_values() {
  return named({HypervisorLro::off, HypervisorLro::passthrough, HypervisorLro::merge});
}

Values<LroFamilies> lro_families_values() {
  return named({LroFamilies::both, LroFamilies::ipv4, LroFamilies::ipv6});
}

Values<NicModel> model_values() {
  std::vector<std::pair<std::string, NicModel>> all;
  for (const std::string& name : nic_model_names()) all.emplace_back(name, *parse_nic_model(name));
  return words(all, all.size());
}

Values<Family> family_values() {
  return named({Family::ipv4, Family::ipv6});
}

Values<BackgroundSender> background_values() {
  return named({BackgroundSender::off, BackgroundSender::bsd, BackgroundSender::tcp, BackgroundSender::udp});
}

Values<bool> on_off_values() {
  return words<bool>({{"on", true}, {"off", false}, {"true", true}, {"false", false}}, 2);
}

Values<bool> kept_any_values() {
  return words<bool>({{"kept", false}, {"any", true}}, 2);
}

Values<bool> true_false_values() {
  return words<bool>({{"true", true}, {"false", false}}, 2);
}

Values<unsigned> number_values(Range range, const std::string& unit) {
  const std::string before = unit.empty() ? "" : unit + ", ";
  return {[range](const std::string& text) { return parse_number(text, range); },
          [](unsigned number) { return std::to_string(number); },
          fmt::format("{}a number from {} to {}", before, range.low, range.high),
          fmt::format("{}{}..{}", before, range.low, range.high)};
}

Values<Mtu> mtu_values() {
  const Values<unsigned> numbers = number_values(mtu_range);
  return {[](const std::string& text) {
            const auto bytes = parse_number(text, mtu_range);
            return bytes ? std::optional(Mtu{*bytes}) : std::nullopt;
          },
          [](Mtu mtu) { return std::to_string(mtu.bytes); }, numbers.wanted, numbers.shown};
}

Values<std::string> kernel_values() {
  return {[](const std::string& text) { return is_kernel_release(text) ? std::optional(text) : std::nullopt; },
          as_it_is, "a release as in 6.1.0-47-amd64", "a Debian kernel's release (6.1.0-47-amd64)"};
}

Values<std::string> image_values() {
  return {[](const std::string& text) { return parse_image_name(text) ? std::optional(text) : std::nullopt; }, as_it_is,
          image_name_hint, "an image (debian-12), or a recipe's path (./mine.toml)"};
}

Values<double> share_values() {
  return {[](const std::string& text) { return parse_share(text); },
          [](double share) { return fmt::format("{}", share); }, "a share, as in \"0.1%\"", "a share, as in 0.1%"};
}

Values<double> ratio_values(double low, double high) {
  return {[low, high](const std::string& text) -> std::optional<double> {
            char* end = nullptr;
            const double ratio = std::strtod(text.c_str(), &end);
            if (text.empty() || *end != '\0' || !(ratio >= low && ratio <= high)) return std::nullopt;
            return ratio;
          },
          [](double ratio) { return fmt::format("{}", ratio); }, fmt::format("a number from {} to {}", low, high),
          fmt::format("{}..{}", low, high)};
}

Values<double> duration_values(double shortest_seconds) {
  return {[shortest_seconds](const std::string& text) {
            const auto seconds = parse_duration_seconds(text);
            return seconds && *seconds >= shortest_seconds ? seconds : std::nullopt;
          },
          [](double seconds) { return fmt::format("{}s", seconds); }, "a duration, as in \"2s\"",
          "a duration, as in 2s"};
}

Values<BitRate> rate_values() {
  return {[](const std::string& text) { return parse_rate(text); },
          [](BitRate rate) { return fmt::format("{}bit", rate.bits_per_second); },
          "a rate as in 100mbit, from 8 kbit to 100 Gbit", "a rate (100mbit)"};
}

Values<double> delay_values() {
  return {[](const std::string& text) { return parse_delay(text); },
          [](double seconds) { return fmt::format("{}s", seconds); }, "a time as in 10ms, at most 10 s",
          "a time (10ms)"};
}

Values<ByteCount> queue_values() {
  return {[](const std::string& text) { return parse_queue(text); },
          [](ByteCount size) { return std::to_string(size.bytes); }, "a size as in 200kB, from 70kB to 100MB",
          "a size (200kB)"};
}

Values<double> loss_values() {
  return {[](const std::string& text) { return parse_loss(text); },
          [](double share) { return fmt::format("{}%", share * 100); }, "a share as in 0.5%, at most 100%",
          "a share (0.5%)"};
}

Values<std::string> line_values() {
  return {[](const std::string& text) { return is_line(text) ? std::optional(text) : std::nullopt; }, as_it_is,
          fmt::format("one line of text, at most {} characters", longest_line), "one line of text"};
}

bool is_kernel_release(std::string_view text) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyz0123456789.+-";
  return !text.empty() && text.size() <= 60 && std::isdigit(static_cast<unsigned char>(text.front())) != 0 &&
         text.find_first_not_of(characters) == std::string_view::npos;
}

}  // namespace offlab
