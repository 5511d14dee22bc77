// SHA-256 in hexadecimal.
#pragma once

#include <string>
#include <string_view>

namespace offlab {

std::string sha256_hex(std::string_view data);

}  // namespace offlab
