#include "libvirt/marked_domains.h"

#include <span>

#include <fmt/core.h>
#include <pugixml.hpp>

#include "libvirt/domain_xml.h"
#include "libvirt/libvirt_domain.h"
#include "libvirt/libvirt_error.h"
#include "libvirt/libvirt_memory.h"

namespace offlab {
namespace {

// libvirt prints what goes wrong, also what is expected.
void say_nothing(void*, virErrorPtr) {}

// Empty: it has no mark.
std::string lab_of(virDomainPtr domain) {
  const Handle<char, free_of_libvirt> text(
      virDomainGetMetadata(domain, VIR_DOMAIN_METADATA_ELEMENT, metadata_namespace, 0));
  pugi::xml_document document;
  if (!text || !document.load_string(text.get())) return "";
  return document.document_element().attribute("uuid").value();
}

}  // namespace

virConnectPtr MarkedDomains::connection() {
  if (connection_) return connection_.get();
  virSetErrorFunc(nullptr, say_nothing);
  connection_.reset(virConnectOpen(uri_.c_str()));
  if (!connection_) throw libvirt_error(fmt::format("connecting to {}", uri_));
  return connection_.get();
}

std::vector<OwnedDomain> MarkedDomains::list() {
  virDomainPtr* found = nullptr;
  const int count = virConnectListAllDomains(connection(), &found, 0);
  if (count < 0) throw libvirt_error("listing the domains of " + uri_);
  const Handle<virDomainPtr, free_of_libvirt> array(found);
  std::vector<OwnedDomain> owned;
  for (virDomainPtr one : std::span(found, static_cast<std::size_t>(count))) {
    const Domain domain(one);
    if (std::string lab = lab_of(domain.get()); !lab.empty())
      owned.push_back({virDomainGetName(domain.get()), uuid_of(domain.get()), std::move(lab)});
  }
  return owned;
}

void MarkedDomains::destroy(const OwnedDomain& domain) {
  const Domain found(virDomainLookupByUUIDString(connection(), domain.uuid.c_str()));
  if (!found || lab_of(found.get()) != domain.lab) return;
  if (virDomainDestroy(found.get()) < 0 && virDomainIsActive(found.get()) == 1)
    throw libvirt_error(fmt::format("ending domain '{}'", domain.name));
}

bool MarkedDomains::is_there(const OwnedDomain& domain) {
  const Domain found(virDomainLookupByUUIDString(connection(), domain.uuid.c_str()));
  if (!found && virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
    throw libvirt_error(fmt::format("looking for domain '{}'", domain.name));
  return found != nullptr;
}

}  // namespace offlab
