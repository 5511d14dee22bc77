#include "fuzz/damage.h"

#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/parse_json.h"

namespace offlab::fuzz {
namespace {

using nlohmann::json;

// Stands in the document for a text that the JSON library would not write.
constexpr const char* marker = "@offlab-damage@";

// A value of a document, and where it is.
struct Place {
  json* value;
  json* parent;  // null: the document
  std::string key;
  std::size_t index;
  std::string path;
};

void collect(json& value, const std::string& path, std::vector<Place>& places) {
  std::size_t index = 0;
  for (auto child = value.begin(); value.is_structured() && child != value.end(); ++child, ++index) {
    const std::string key = value.is_object() ? child.key() : "";
    const std::string child_path = fmt::format("{}/{}", path, value.is_object() ? key : std::to_string(index));
    places.push_back({&*child, &value, key, index, child_path});
    collect(*child, child_path, places);
  }
}

std::vector<Place> places_of(json& document) {
  std::vector<Place> places = {{&document, nullptr, "", 0, ""}};
  collect(document, "", places);
  return places;
}

std::string shown(const std::string& text) {
  return text.size() <= 80 ? text : fmt::format("{}... ({} bytes)", text.substr(0, 60), text.size());
}

void remove(const Place& place) {
  if (place.parent == nullptr) return;
  if (place.parent->is_object())
    place.parent->erase(place.key);
  else
    place.parent->erase(place.index);
}

void repeat(const Place& place, Random& random) {
  if (place.parent == nullptr) return;
  const json copy = *place.value;
  if (place.parent->is_object())
    (*place.parent)[place.key + " again"] = copy;
  else
    for (std::size_t times = 1 + below(random, 3); times > 0; --times) place.parent->push_back(copy);
}

// A number becomes a text, a text a list, and so on; what is in it stays.
void change_type(json& value) {
  if (value.is_number() || value.is_boolean())
    value = value.dump();
  else if (value.is_object())
    value = json::array({value});
  else
    value = json{{"value", value}};
}

void exchange(const Place& place, Random& random) {
  if (place.parent == nullptr) return;
  auto other = place.parent->begin();
  std::advance(other, static_cast<std::ptrdiff_t>(below(random, place.parent->size())));
  if (&*other != place.value) std::swap(*other, *place.value);
}

std::string with_raw_text(std::string document, const std::string& raw) {
  const std::string quoted = fmt::format("\"{}\"", marker);
  if (const auto at = document.find(quoted); at != std::string::npos) document.replace(at, quoted.size(), raw);
  return document;
}

Damaged damaged_document(json document, Random& random, const std::vector<std::string>& paths) {
  const std::vector<Place> places = places_of(document);
  const Place& place = one_of(places, random);
  std::string how;
  std::string raw;
  switch (random() % 10) {
    case 0:
      how = "without it";
      remove(place);
      break;
    case 1:
      how = "several times";
      repeat(place, random);
      break;
    case 2: {
      const Place& other = one_of(places, random);
      how = fmt::format("with that of '{}'", other.path);
      const json copy = *other.value;
      *place.value = copy;
      break;
    }
    case 3:
      how = "exchanged with a neighbour";
      exchange(place, random);
      break;
    case 4:
      how = "in another type";
      change_type(*place.value);
      break;
    case 5: {
      const std::string& name = one_of(odd_names(), random);
      how = fmt::format("named {}", shown(name));
      const json copy = *place.value;
      if (place.parent != nullptr && place.parent->is_object()) {
        remove(place);
        (*place.parent)[json::parse(name).get<std::string>()] = copy;
      } else {
        *place.value = json::parse(name);
      }
      break;
    }
    default:
      raw = !paths.empty() && random() % 4 == 0 ? one_of(paths, random) : one_of(odd_values(), random);
      how = fmt::format("as {}", shown(raw));
      *place.value = marker;
  }
  return {with_raw_text(document.dump(), raw), fmt::format("'{}' {}", place.path, how)};
}

}  // namespace

std::size_t below(Random& random, std::size_t limit) {
  return limit == 0 ? 0 : random() % limit;
}

const std::vector<std::string>& odd_names() {
  static const std::vector<std::string> all = {R"("")",
                                               R"(" ")",
                                               R"(".")",
                                               R"("..")",
                                               R"("../..")",
                                               R"("/")",
                                               R"("/etc/passwd")",
                                               R"("a/b")",
                                               R"("a//../b/")",
                                               R"("a\nPASS  b\r\nc")",
                                               R"("\u001b]0;title\u0007\u001b[2J\u009b1m")",
                                               R"("\uffff\ufffe")",
                                               R"("\u202e\u2066")",
                                               R"("\u0000a")",
                                               R"("{}%s%n<&>]]>\"'")",
                                               R"("router wan")",
                                               R"("-rf")",
                                               R"("\ud83d\ude00")",
                                               "\"" + std::string(300, 'n') + "\"",
                                               "\"" + std::string(100'000, 'x') + "\""};
  return all;
}

const std::vector<std::string>& odd_values() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> values = {"null",
                                       "true",
                                       "false",
                                       "0",
                                       "-0",
                                       "-1",
                                       "1",
                                       "2",
                                       "0.5",
                                       "65536",
                                       "2147483648",
                                       "4294967295",
                                       "4294967296",
                                       "9223372036854775807",
                                       "-9223372036854775808",
                                       "18446744073709551615",
                                       "18446744073709551616",
                                       "1e308",
                                       "-1e308",
                                       "1e309",
                                       "1e-308",
                                       "NaN",
                                       "Infinity",
                                       "[]",
                                       "{}",
                                       "[[]]",
                                       "[{}]",
                                       "[null]",
                                       "[1,2,3]",
                                       R"({"":null})",
                                       R"("-1")",
                                       R"("nan")",
                                       R"("\ud800")",
                                       "\"\xff\xfe\"",
                                       R"("198.18.1.2")",
                                       R"("2001:2::1")",
                                       R"("0.0.0.0/0")",
                                       R"("::/0")",
                                       R"("ipv6")",
                                       R"("passthrough")",
                                       R"("merge")",
                                       R"("off")",
                                       R"("guest")",
                                       R"("recorded")",
                                       R"("skipped")",
                                       R"("storm")",
                                       R"("healthy")"};
    for (const std::size_t depth : {10U, 60U, 70U, 100'000U})
      values.push_back(std::string(depth, '[') + std::string(depth, ']'));
    std::string objects = "0";
    for (int depth = 0; depth < 55; ++depth) objects = fmt::format(R"({{"a":{}}})", objects);
    values.push_back(objects);
    values.insert(values.end(), odd_names().begin(), odd_names().end());
    return values;
  }();
  return all;
}

Damaged damaged_bytes(std::string text, Random& random) {
  static const std::vector<std::string> words = {std::string(1, '\0'),
                                                 "\xff",
                                                 "\033[2J",
                                                 "\n",
                                                 ",",
                                                 ":",
                                                 "\"",
                                                 "{",
                                                 "}",
                                                 "[",
                                                 "]",
                                                 "-",
                                                 "e308",
                                                 "99999999999999999999",
                                                 "==> end <==\n",
                                                 "==> ",
                                                 ": ",
                                                 "../",
                                                 "nan",
                                                 "\xef\xbf\xbf",
                                                 std::string(70'000, 'x'),
                                                 std::string(5000, ' ')};
  const std::size_t at = below(random, text.size());
  switch (random() % 7) {
    case 0:
      if (!text.empty()) text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << (random() % 8)));
      return {std::move(text), fmt::format("a bit of byte {}", at)};
    case 1:
      if (!text.empty()) text[at] = static_cast<char>(random());
      return {std::move(text), fmt::format("byte {}", at)};
    case 2:
      text.resize(at);
      return {std::move(text), fmt::format("cut at byte {}", at)};
    case 3:
      text.erase(at, 1 + below(random, 200));
      return {std::move(text), fmt::format("a piece is missing from byte {}", at)};
    case 4: {
      const std::string& word = one_of(words, random);
      text.insert(at, word);
      return {std::move(text), fmt::format("'{}' put in at byte {}", shown(word), at)};
    }
    case 5:
      text.insert(at, text.substr(below(random, text.size()), 1 + below(random, 400)));
      return {std::move(text), fmt::format("a piece of it put in at byte {}", at)};
    default: {
      std::string noise(1 + below(random, 40), '\0');
      for (char& byte : noise) byte = static_cast<char>(random());
      text.replace(at, noise.size(), noise);
      return {std::move(text), fmt::format("{} random bytes at {}", noise.size(), at)};
    }
  }
}

Damaged damaged_json(const std::string& text, Random& random, const std::vector<std::string>& paths) {
  std::optional<json> document = try_parse_json(text);
  return document ? damaged_document(std::move(*document), random, paths) : damaged_bytes(text, random);
}

Damaged damaged(const std::string& text, Random& random, const std::vector<std::string>& paths) {
  Damaged all{text, ""};
  for (std::size_t times = 1 + below(random, 3) / 2; times > 0; --times) {
    Damaged one = random() % 3 == 0 ? damaged_bytes(all.text, random) : damaged_json(all.text, random, paths);
    all = {std::move(one.text), all.how + (all.how.empty() ? "" : ", then ") + one.how};
  }
  return all;
}

}  // namespace offlab::fuzz
