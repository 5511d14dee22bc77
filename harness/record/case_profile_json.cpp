#include "record/case_profile_json.h"

#include "base/error.h"
#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

constexpr const char* schema = "offlab.profile/1";

}  // namespace

// By name in this namespace, so that nlohmann-json finds them.
void to_json(json& j, const PicturedNic& nic) {
  j = {{"network", nic.network},
       {"model", nic.model},
       {"mtu", nic.mtu},
       {"addresses", nic.addresses},
       {"device", nic.device}};
}
void from_json(const json& j, PicturedNic& nic) {
  j.at("network").get_to(nic.network);
  j.at("model").get_to(nic.model);
  j.at("mtu").get_to(nic.mtu);
  j.at("addresses").get_to(nic.addresses);
  j.at("device").get_to(nic.device);
}

void to_json(json& j, const PicturedNode& node) {
  j = {{"name", node.name},
       {"role", node.role},
       {"under_test", node.under_test},
       {"text", node.text},
       {"nics", node.nics}};
}
void from_json(const json& j, PicturedNode& node) {
  j.at("name").get_to(node.name);
  j.at("role").get_to(node.role);
  j.at("under_test").get_to(node.under_test);
  j.at("text").get_to(node.text);
  j.at("nics").get_to(node.nics);
}

void to_json(json& j, const PicturedPoint& point) {
  j = {{"id", point.id}, {"node", point.node}, {"network", point.network}, {"side", point.side}};
}
void from_json(const json& j, PicturedPoint& point) {
  j.at("id").get_to(point.id);
  j.at("node").get_to(point.node);
  j.at("network").get_to(point.network);
  j.at("side").get_to(point.side);
}

void to_json(json& j, const CasePicture& picture) {
  j = {{"path", picture.path}, {"nodes", picture.nodes}, {"networks", picture.networks}, {"points", picture.points}};
}
void from_json(const json& j, CasePicture& picture) {
  j.at("path").get_to(picture.path);
  j.at("nodes").get_to(picture.nodes);
  j.at("networks").get_to(picture.networks);
  j.at("points").get_to(picture.points);
}

void to_json(json& j, const PointProfile& point) {
  j = {{"point", point.point},
       {"text", point.text},
       {"mtu", point.mtu},
       {"packets", point.packets},
       {"frames", point.frames}};
}
void from_json(const json& j, PointProfile& point) {
  j.at("point").get_to(point.point);
  j.at("text").get_to(point.text);
  j.at("mtu").get_to(point.mtu);
  j.at("packets").get_to(point.packets);
  j.at("frames").get_to(point.frames);
}

void to_json(json& j, const GoodputSample& sample) {
  j = {sample.start, sample.seconds, sample.bits_per_second};
}
void from_json(const json& j, GoodputSample& sample) {
  j.at(0).get_to(sample.start);
  j.at(1).get_to(sample.seconds);
  j.at(2).get_to(sample.bits_per_second);
}

void to_json(json& j, const LegProfile& leg) {
  j = {{"name", leg.name},       {"step", leg.step},     {"uplink", leg.uplink},  {"errors", leg.errors},
       {"goodput", leg.goodput}, {"points", leg.points}, {"missing", leg.missing}};
}
void from_json(const json& j, LegProfile& leg) {
  j.at("name").get_to(leg.name);
  j.at("step").get_to(leg.step);
  j.at("uplink").get_to(leg.uplink);
  j.at("errors").get_to(leg.errors);
  j.at("goodput").get_to(leg.goodput);
  j.at("points").get_to(leg.points);
  j.at("missing").get_to(leg.missing);
}

void to_json(json& j, const SettingReading& reading) {
  j = {{"where", reading.where}, {"what", reading.what}, {"case", reading.in_case}, {"control", reading.in_control}};
}
void from_json(const json& j, SettingReading& reading) {
  j.at("where").get_to(reading.where);
  j.at("what").get_to(reading.what);
  j.at("case").get_to(reading.in_case);
  j.at("control").get_to(reading.in_control);
}

std::string case_profile_json(const CaseProfile& profile) {
  const json document = {
      {"schema", schema}, {"picture", profile.picture}, {"legs", profile.legs}, {"settings", profile.settings}};
  return clean_json(document).dump() + "\n";
}

CaseProfile case_profile_from_json(std::string_view text) {
  return read_json_file(text, "profile.json", [](const json& document) {
    if (document.at("schema") != schema) throw Error(std::string("it has another schema than ") + schema);
    CaseProfile profile;
    document.at("picture").get_to(profile.picture);
    document.at("legs").get_to(profile.legs);
    document.at("settings").get_to(profile.settings);
    return profile;
  });
}

}  // namespace offlab
