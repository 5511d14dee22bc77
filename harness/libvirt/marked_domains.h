// OwnedDomains of a libvirtd.
#pragma once

#include <libvirt/libvirt.h>

#include "base/handle.h"
#include "port/owned_domains.h"

namespace offlab {

class MarkedDomains : public OwnedDomains {
 public:
  // Connects when it is asked first.
  explicit MarkedDomains(std::string uri) : uri_(std::move(uri)) {}
  std::vector<OwnedDomain> list() override;
  void destroy(const OwnedDomain& domain) override;
  bool is_there(const OwnedDomain& domain) override;

 private:
  virConnectPtr connection();

  std::string uri_;
  Handle<virConnect, virConnectClose> connection_;
};

}  // namespace offlab
