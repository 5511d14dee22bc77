// A session with the vSphere API of an ESXi host or a vCenter, and the hosts behind it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "vsphere/soap.h"
#include "vsphere/soap_transport.h"

namespace offlab {

struct VsphereAbout {
  std::string product;   // "VMware ESXi", "VMware vCenter Server"
  std::string version;   // "8.0.2"
  std::string build;     // "22380479"
  std::string api_type;  // "HostAgent" of an ESXi host, "VirtualCenter"
  bool operator==(const VsphereAbout&) const = default;
};

// Objects of one type, with what was asked of each: a property that is missing is "".
struct FoundObject {
  ManagedObject object;
  std::map<std::string, std::string> texts = {};
  std::map<std::string, ManagedObject> references = {};
};

class VsphereSession {
 public:
  using Note = std::function<void(const std::string&)>;

  // `name`: for messages. `note`: told when a session had to be begun anew.
  VsphereSession(SoapTransport& transport, std::string name, std::string user, std::string password, Note note);
  // Ends the session on the server, if it can be reached.
  ~VsphereSession();
  VsphereSession(const VsphereSession&) = delete;
  VsphereSession& operator=(const VsphereSession&) = delete;

  // Throws Error: what is no vSphere API, a wrong password.
  void login();
  const VsphereAbout& about() const { return about_; }
  const std::string& name() const { return name_; }

  // Calls a method, logs in once more when the session has expired. A fault is an answer. Throws Error.
  SoapAnswer call(const std::string& method, const ManagedObject& object, const std::string& arguments);
  // The same; every fault is an Error with the server's words.
  SoapAnswer require(const std::string& method, const ManagedObject& object, const std::string& arguments);

  // All objects of a type below the root folder, with simple properties of theirs.
  std::vector<FoundObject> find(const std::string& type, const std::vector<std::string>& properties);
  // One property of one object; an empty node where it has no such. The answer owns it.
  SoapAnswer property(const ManagedObject& object, const std::string& path);

 private:
  SoapAnswer send(const std::string& method, const ManagedObject& object, const std::string& arguments);
  void begin();

  SoapTransport& transport_;
  std::string name_;
  std::string user_;
  std::string password_;
  Note note_;
  VsphereAbout about_;
  ManagedObject session_manager_;
  ManagedObject property_collector_;
  ManagedObject view_manager_;
  ManagedObject root_folder_;
  bool is_logged_in_ = false;
};

// "InvalidArgument: A specified parameter was not correct"
std::string fault_words(const SoapAnswer& answer);

}  // namespace offlab
