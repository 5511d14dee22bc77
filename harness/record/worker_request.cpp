#include "record/worker_request.h"

#include "base/parse_json.h"
#include "record/json_values.h"
#include "record/plan_json.h"

namespace offlab {

void to_json(json& j, const WorkerImage& image) {
  j = {{"kernel", image.kernel}, {"initrd", image.initrd}, {"digest", image.digest}};
  if (image.disk.empty()) return;
  j["disk"] = image.disk;
  j["key"] = image.key;
  j["password"] = image.password;
}
void from_json(const json& j, WorkerImage& image) {
  j.at("kernel").get_to(image.kernel);
  j.at("initrd").get_to(image.initrd);
  j.at("digest").get_to(image.digest);
  image.disk = j.value("disk", std::string());
  image.key = j.value("key", std::string());
  image.password = j.value("password", std::string());
}

namespace {
constexpr const char* schema = "offlab.worker/2";
}

std::string worker_request_to_json(const WorkerRequest& request) {
  json document = {{"schema", schema},
                   {"lab", lab_plan_to_json(request.lab)},
                   {"accelerator", request.accelerator == Accelerator::kvm ? "kvm" : "tcg"},
                   {"images", request.images},
                   {"cold", request.cold},
                   {"attempt", request.attempt},
                   {"by_case", request.by_case},
                   {"cpus", request.cpus}};
  if (request.hosted) document.update({{"hosted", true}, {"owner", request.owner}});
  if (!request.tool.empty()) document.update({{"tool", request.tool}, {"tool_fallback", request.tool_fallback}});
  return document.dump();
}

WorkerRequest worker_request_from_json(const std::string& text) {
  try {
    const json document = parse_json(text, "the request");
    if (document.at("schema") != schema) throw Error("the worker was sent another schema than " + std::string(schema));
    return {lab_plan_from_json(document.at("lab")),
            document.at("accelerator") == "kvm" ? Accelerator::kvm : Accelerator::tcg,
            document.at("images").get<std::map<std::string, WorkerImage>>(),
            document.at("cold").get<bool>(),
            document.at("attempt").get<unsigned>(),
            document.value("by_case", false),
            document.value("cpus", std::vector<unsigned>()),
            document.value("hosted", false),
            document.value("owner", std::string()),
            document.value("tool", std::string()),
            document.value("tool_fallback", std::string())};
  } catch (const json::exception& error) {
    throw Error(std::string("the worker was sent no request: ") + error.what());
  }
}

std::string case_request_to_json(const std::string& id) {
  return json{{"case", id}}.dump();
}

std::string case_request_from_json(const std::string& text) {
  try {
    return parse_json(text, "the request").at("case").get<std::string>();
  } catch (const json::exception& error) {
    throw Error(std::string("the worker was asked for no case: ") + error.what());
  }
}

}  // namespace offlab
