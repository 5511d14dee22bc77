// Values that guests keep in files: set by legs and by `offlab set`, and given back what they were.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/guest_value.h"
#include "plan/step.h"

namespace offlab {

// What a script ends with when the guest cannot do what the case asks for; no command that runs there ends so.
inline constexpr int refused_status = 97;

// Shell that prints the file's value in a section of its name, and fails where it cannot be read.
std::string read_value(const GuestFile& file);

// Shell that writes the value where the file holds another one.
std::string put_back_value(const GuestFile& file, const std::string& value);

// Remembers for each file what it held before anybody set it in this lab. May be used by several threads.
class GuestValues {
 public:
  // Shell that sets the value, and first shows what it was where that is not known yet. A guest that has no such file
  // or does not take the value ends it with `refused_status`. Empty when there is nothing to do: what nobody has set is
  // as it was.
  std::string script(const std::string& node, const step::SetValue& wanted) const;
  // Whether that may change what the guest has.
  bool changes(const std::string& node, const step::SetValue& wanted) const;
  // Takes in what scripts of these values have printed, whether or not they came to their end.
  void learn(const std::string& node, const std::vector<step::SetValue>& wanted, const std::string& output, bool done);

  // Every file of the node that was ever set, with what it held before.
  std::map<GuestFile, std::string> before(const std::string& node) const;
  // What they hold now is not known.
  void forget_now();

 private:
  struct Known {
    std::string before;
    std::optional<std::string> now;
  };
  using Key = std::pair<std::string, GuestFile>;  // node, file

  const Known* find(const std::string& node, const GuestFile& file) const;

  mutable std::mutex mutex_;
  std::map<Key, Known> known_;
};

}  // namespace offlab
