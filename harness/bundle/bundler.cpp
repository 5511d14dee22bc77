#include "bundle/bundler.h"

#include <memory>

#include <fmt/format.h>

#include "base/json.h"
#include "base/new_file.h"
#include "base/usage_error.h"
#include "base/version.h"
#include "bundle/anonymous_capture.h"
#include "bundle/lab_files.h"
#include "record/clean_json.h"
#include "runner/capture_answer.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

std::string environment_text(const BundleFacts& facts, const std::map<std::string, std::string>& packages) {
  const nlohmann::ordered_json document = {{"host", facts.host}, {"image", facts.image}, {"packages", packages}};
  return clean_json(document).dump(1) + "\n";
}

fs::path place_of(const BundleOptions& options, const std::string& name) {
  fs::path place = options.out.empty() ? fs::path(name + ".bundle") : fs::path(options.out);
  std::error_code none;
  if (fs::exists(place, none))
    throw UsageError(
        fmt::format("error: {} is there already\n  remedy: name another place with --out\n", place.string()));
  return place;
}

fs::path mapping_of(const BundleOptions& options, const fs::path& place) {
  fs::path mapping = options.mapping.empty() ? fs::path(place.string() + ".mapping.json") : fs::path(options.mapping);
  std::error_code none;
  if (fs::exists(mapping, none))
    throw UsageError(
        fmt::format("error: {} is there already: the mapping of another bundle?\n  remedy: name another file with "
                    "--mapping\n",
                    mapping.string()));
  return mapping;
}

std::string words_of_mac(const MacAddress& mac) {
  return fmt::format("{:02x}", fmt::join(mac, ":"));
}

std::string mapping_text(const AddressMapping& mapping) {
  nlohmann::ordered_json document = {{"schema", "offlab.mapping/1"},
                                     {"addresses", nlohmann::ordered_json::object()},
                                     {"macs", nlohmann::ordered_json::object()}};
  for (const auto& [original, made] : mapping.addresses) document["addresses"][to_string(original)] = to_string(made);
  for (const auto& [original, made] : mapping.macs) document["macs"][words_of_mac(original)] = words_of_mac(made);
  return document.dump(1) + "\n";
}

}  // namespace

Bundler::Bundler(const std::string& name, const BundleOptions& options)
    : place_(place_of(options, name)), folder_(place_) {
  made_.place = place_;
  made_.facts.name = name;
  made_.facts.anonymised = options.anonymise;
  if (options.anonymise) made_.mapping = mapping_of(options, place_);
}

BundledEvidence Bundler::add_captures(const ForeignEvidence& evidence, const AssumedRouter& router,
                                      const CaptureNames& names) {
  const JudgedEvidence original = judge_evidence(evidence, router);
  const fs::path folder = folder_.path() / "captures";
  if (!made_.facts.anonymised) {
    const CaptureSlice slice = slice_captures(original, router, folder, names);
    for (std::size_t i = 0; i < slice.captures.size(); ++i) add_capture(slice, i, slice.captures[i].file);
    made_.facts.answer = answer_of(slice.made.judged, router);
    CaptureAnswer whole = answer_of(original.judged, router);
    made_.facts.answer.headline = whole.headline;
    return {std::move(whole), slice.made.judged};
  }
  const CaptureSlice slice = slice_captures(original, router, folder_.scratch());
  AnonymousAddresses addresses(random_key());
  const AnonymousCaptures made = anonymise_captures(slice.made, router, addresses, folder, {}, CaptureTimes::shifted);
  for (std::size_t i = 0; i < made.captures.size(); ++i) add_capture(slice, i, made.captures[i].file);
  mapping_ = mapping_text(addresses.mapping());
  made_.facts.answer = answer_of(made.made.judged, router);
  made_.facts.figures_of_part = !slice.is_whole;
  return {made_.facts.answer, made.made.judged};
}

void Bundler::add_lab(const std::string& topology, const std::map<std::string, std::string>& recipes,
                      const std::map<std::string, std::string>& packages) {
  LabFiles(folder_, made_.facts, packages).write(topology, recipes);
}

void Bundler::imitate(const SeenRouter& router) {
  made_.facts.why_no_lab = trouble_with_imitation(router.fault_class);
  made_.facts.imitates = made_.facts.why_no_lab.empty();
  if (made_.facts.imitates) add_lab(imitation_file(router), {}, {});
}

MadeBundle Bundler::finish(Expected expected, const std::map<std::string, std::string>& packages) {
  expected.name = made_.facts.name;
  expected.case_id = made_.facts.result.id;
  expected.fault_class = made_.facts.result.fault_class.value_or(FaultClass::unknown);
  expected.offlab = program_version();
  expected.has_lab = made_.facts.why_no_lab.empty();
  expected.imitates = made_.facts.imitates;
  expected.anonymised = made_.facts.anonymised;
  folder_.write("expected.json", expected_json(expected));
  if (!made_.facts.of_captures) folder_.write("environment.json", environment_text(made_.facts, packages));
  folder_.write("README.md", bundle_explanation(made_.facts));
  std::unique_ptr<NewFile> mapping;
  if (!made_.mapping.empty()) {
    mapping = std::make_unique<NewFile>(made_.mapping.has_parent_path() ? made_.mapping.parent_path() : fs::path("."),
                                        made_.mapping.filename(), FileReaders::owner);
    mapping->write(mapping_);
  }
  const BundleFolder::Size size = folder_.finish();
  if (mapping) mapping->take_its_place();
  made_.files = size.files;
  made_.bytes = size.bytes;
  return std::move(made_);
}

void Bundler::add_capture(const CaptureSlice& slice, std::size_t side, const fs::path& file) {
  const SlicedCapture& one = slice.captures.at(side);
  made_.facts.captures.push_back(
      {"captures/" + file.filename().string(),
       slice.is_whole
           ? fmt::format("all {} frames", one.all_frames)
           : fmt::format(
                 "the first {} of {} frames ({:.3f} s); outcome, classes and violated invariants are those of all",
                 one.frames, one.all_frames, slice.seconds)});
}

}  // namespace offlab
