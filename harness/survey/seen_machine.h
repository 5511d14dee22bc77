// A machine as far as it was read.
#pragma once

#include <string>

#include "model/machine_survey.h"

namespace offlab {

class SeenMachine {
 public:
  // Whether anything of it was read.
  bool is_known() const { return is_known_; }
  void note_known() { is_known_ = true; }

  // Adds it where it is new. Throws Error where no machine has so many.
  SurveyedLink& link_named(const std::string& name);
  // Of the machine as a whole; on where one family is.
  void note_forwarding(bool on);

  static void add_lower(SurveyedLink& link, const std::string& lower);
  static void add_address(SurveyedLink& link, const std::string& address);
  void add_default_route(const std::string& link);

  MachineSurvey survey = {};

 private:
  bool is_known_ = false;
};

}  // namespace offlab
