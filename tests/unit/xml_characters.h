// What XML 1.0 allows in a document, asked without an XML library: those are forgiving.
#pragma once

#include <string>
#include <string_view>

namespace offlab {

// The first thing in `text` that is no UTF-8 or not in the production Char, as "byte 7: 0xed"; empty when there is
// none. Source: XML 1.0, 2.2; RFC 3629, 4.
inline std::string character_that_xml_forbids(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = byte(at);
    const std::size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    unsigned code = length == 1 ? first : first & (0x7fU >> length);
    bool utf8 = first < 0x80 || (first >= 0xc2 && first <= 0xf4);
    for (std::size_t next = 1; next < length; ++next) {
      utf8 = utf8 && (byte(at + next) & 0xc0U) == 0x80U;
      code = code << 6U | (byte(at + next) & 0x3fU);
    }
    if (length == 3) utf8 = utf8 && code >= 0x800;
    if (length == 4) utf8 = utf8 && code >= 0x10000;
    const bool allowed = code == 0x9 || code == 0xa || code == 0xd || (code >= 0x20 && code <= 0xd7ff) ||
                         (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
    if (!utf8 || !allowed) {
      constexpr const char* digits = "0123456789abcdef";
      return "byte " + std::to_string(at) + ": 0x" + digits[first >> 4U] + digits[first & 0xfU];
    }
    at += length;
  }
  return {};
}

}  // namespace offlab
