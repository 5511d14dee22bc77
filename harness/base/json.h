// JSON as all of offlab reads it. Where a whole number is wanted, there must be one, and one that fits: the library
// alone would make some number of -1, 1e308 and true.
#pragma once

#include <cmath>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

namespace nlohmann {

template <typename Number>
struct adl_serializer<Number, std::enable_if_t<std::is_integral_v<Number> && !std::is_same_v<Number, bool>>> {
  template <typename Json>
  static void to_json(Json& j, Number value) {
    ::nlohmann::to_json(j, value);
  }
  // Throws json::type_error, or json::out_of_range.
  template <typename Json>
  static void from_json(const Json& j, Number& value) {
    using Signed = typename Json::number_integer_t;
    using Unsigned = typename Json::number_unsigned_t;
    bool fits = false;
    if (j.is_number_unsigned()) {
      fits = std::in_range<Number>(j.template get_ref<const Unsigned&>());
    } else if (j.is_number_integer()) {
      fits = std::in_range<Number>(j.template get_ref<const Signed&>());
    } else if (j.is_number_float()) {
      constexpr double all_exact = 9007199254740992;  // beyond 2^53 a double skips numbers
      const auto number = j.template get_ref<const typename Json::number_float_t&>();
      fits = std::abs(number) <= all_exact && std::trunc(number) == number &&
             std::in_range<Number>(static_cast<Signed>(number));
    } else {
      throw Json::type_error::create(302, std::string("type must be number, but is ") + j.type_name(), &j);
    }
    if (!fits) throw Json::out_of_range::create(406, "no number that fits: " + j.dump(), &j);
    ::nlohmann::from_json(j, value);
  }
};

}  // namespace nlohmann
