#include "lab/guest_values.h"

#include <fmt/core.h>

#include "base/shell_words.h"
#include "measure/sections.h"

namespace offlab {
namespace {

// The final section makes the last value certain to be whole.
std::string show_value(const GuestFile& file) {
  return fmt::format(
      "[ -e {0} ] || {{ echo {1} >&2; exit {2}; }}\n"
      "read -r v < {0} || {{ echo {3} >&2; exit {2}; }}\n"
      "printf '==> %s <==\\n%s\\n==> end <==\\n' {4} \"$v\"\n",
      shell_quoted(file.path), shell_quoted("there is no " + file.name), refused_status,
      shell_quoted(file.name + " cannot be read"), shell_quoted(file.name));
}

// What the shell says itself of a file that refuses is left out: bash in one word, dash in another.
std::string write_value(const GuestFile& file, const std::string& value, int failure) {
  return fmt::format("printf '%s\\n' {} 2> /dev/null > {} || {{ echo {} >&2; exit {}; }}\n", shell_quoted(value),
                     shell_quoted(file.path), shell_quoted(fmt::format("{} did not take \"{}\"", file.name, value)),
                     failure);
}

}  // namespace

std::string read_value(const GuestFile& file) {
  return fmt::format("read -r v < {} && printf '==> %s <==\\n%s\\n' {} \"$v\"\n", shell_quoted(file.path),
                     shell_quoted(file.name));
}

// A file that took no other value may refuse its own, too.
std::string put_back_value(const GuestFile& file, const std::string& value) {
  return fmt::format("read -r v < {}; [ \"$v\" = {} ] || {{\n{}}}\n", shell_quoted(file.path), shell_quoted(value),
                     write_value(file, value, 1));
}

const GuestValues::Known* GuestValues::find(const std::string& node, const GuestFile& file) const {
  const auto found = known_.find({node, file});
  return found == known_.end() ? nullptr : &found->second;
}

std::string GuestValues::script(const std::string& node, const step::SetValue& wanted) const {
  const std::lock_guard lock(mutex_);
  const Known* known = find(node, wanted.file);
  if (wanted.value)
    return (known == nullptr ? show_value(wanted.file) : "") + write_value(wanted.file, *wanted.value, refused_status);
  return known == nullptr ? "" : put_back_value(wanted.file, known->before);
}

bool GuestValues::changes(const std::string& node, const step::SetValue& wanted) const {
  const std::lock_guard lock(mutex_);
  const Known* known = find(node, wanted.file);
  if (known == nullptr) return wanted.value.has_value();
  return known->now != wanted.value.value_or(known->before);
}

void GuestValues::learn(const std::string& node, const std::vector<step::SetValue>& wanted, const std::string& output,
                        bool done) {
  const auto shown = parse_sections(output);
  const std::lock_guard lock(mutex_);
  for (const step::SetValue& one : wanted) {
    if (const auto text = shown.find(one.file.name); text != shown.end() && find(node, one.file) == nullptr)
      known_[{node, one.file}] = {text->second.substr(0, text->second.find('\n')), std::nullopt};
    const auto known = known_.find({node, one.file});
    if (known == known_.end()) continue;
    known->second.now = done ? std::optional(one.value.value_or(known->second.before)) : std::nullopt;
  }
}

std::map<GuestFile, std::string> GuestValues::before(const std::string& node) const {
  const std::lock_guard lock(mutex_);
  std::map<GuestFile, std::string> values;
  for (const auto& [key, known] : known_)
    if (key.first == node) values[key.second] = known.before;
  return values;
}

void GuestValues::forget_now() {
  const std::lock_guard lock(mutex_);
  for (auto& [key, known] : known_) known.now.reset();
}

}  // namespace offlab
