#include "family/guest_family.h"

#include "family/freebsd_family.h"
#include "family/linux_family.h"

namespace offlab {

const GuestFamily& family_of(SystemKind kind) {
  return kind == SystemKind::freebsd ? freebsd_family() : linux_family();
}

}  // namespace offlab
