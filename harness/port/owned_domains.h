// Guests that a lab's UUID marks, on a libvirtd that others use, too.
#pragma once

#include <string>
#include <vector>

namespace offlab {

struct OwnedDomain {
  std::string name;
  std::string uuid;
  std::string lab;  // UUID
  bool operator==(const OwnedDomain&) const = default;
};

class OwnedDomains {
 public:
  virtual ~OwnedDomains() = default;

  // Those that have a mark of offlab's, whichever lab they are of. Throws Error where libvirtd cannot be asked.
  virtual std::vector<OwnedDomain> list() = 0;
  // Ends the domain, when it still has that mark; nothing happens when it is gone. Throws Error.
  virtual void destroy(const OwnedDomain& domain) = 0;
  // Whether libvirtd still has one of this UUID, also one that is ending and has lost its mark. Until then it may write
  // into the domain's log. Throws Error.
  virtual bool is_there(const OwnedDomain& domain) = 0;
};

}  // namespace offlab
