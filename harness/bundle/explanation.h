// README.md of a bundle: what is wrong, what shows it, and how to see it again, on one page.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/capture_answer.h"
#include "model/case_profile.h"
#include "model/verdict.h"

namespace offlab {

struct BundledCapture {
  std::string path;  // in the bundle
  std::string note;  // what part of the original is there
};

struct BundleFacts {
  std::string name;                              // of the bundle
  CaseResult result;                             // with the findings that are told
  CaptureAnswer answer;                          // what the captures of the bundle show by themselves
  bool figures_of_part = false;                  // the findings are those of the captures in the bundle
  bool of_captures = false;                      // there was no run
  std::vector<std::string> machines = {};        // "router (under test): image debian-12, wan vmxnet3, lan vmxnet3"
  std::vector<SettingReading> settings = {};     // as read back
  std::map<std::string, std::string> host = {};  // that it ran on
  std::map<std::string, std::string> image = {};
  bool with_source = false;        // of the program that sends the background load
  std::string why_no_script = {};  // why plain QEMU cannot run it; empty: it can
  std::string why_no_lab = {};     // why offlab cannot; empty: it can
  bool imitates = false;           // the lab imitates machines that exist
  bool anonymised = false;
  std::vector<BundledCapture> captures = {};  // before the router and behind it
};

std::string bundle_explanation(const BundleFacts& facts);

}  // namespace offlab
