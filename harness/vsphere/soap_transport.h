// What carries a SOAP request to the server and its answer back.
#pragma once

#include <string>

namespace offlab {

class SoapTransport {
 public:
  virtual ~SoapTransport() = default;
  // Sends one document to /sdk. Gives the body of the answer: also that of status 500, which a fault comes with.
  // Throws Error.
  virtual std::string post(const std::string& document) = 0;
};

}  // namespace offlab
