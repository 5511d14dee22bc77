#include "survey/seen_machine.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

constexpr std::size_t most_links = 1024;

void add_once(std::vector<std::string>& list, const std::string& one) {
  if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
}

}  // namespace

SurveyedLink& SeenMachine::link_named(const std::string& name) {
  is_known_ = true;
  const auto found = std::find_if(survey.links.begin(), survey.links.end(),
                                  [&](const SurveyedLink& link) { return link.name == name; });
  if (found != survey.links.end()) return *found;
  if (survey.links.size() >= most_links) throw Error(fmt::format("there are more than {} links", most_links));
  survey.links.push_back({.name = name});
  return survey.links.back();
}

void SeenMachine::note_forwarding(bool on) {
  is_known_ = true;
  survey.forwards = survey.forwards.value_or(false) || on;
}

void SeenMachine::add_lower(SurveyedLink& link, const std::string& lower) {
  if (lower != link.name) add_once(link.lower, lower);
}

void SeenMachine::add_address(SurveyedLink& link, const std::string& address) {
  add_once(link.addresses, address);
}

void SeenMachine::add_default_route(const std::string& link) {
  if (!link.empty()) add_once(survey.upstream, link);
}

}  // namespace offlab
