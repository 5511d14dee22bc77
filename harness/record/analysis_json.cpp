#include "record/analysis_json.h"

#include "record/clean_json.h"
#include "record/finding_json.h"

namespace offlab {

std::string json_answer(const CaptureAnswer& answer) {
  OrderedJson findings = OrderedJson::array();
  for (const Finding& finding : answer.findings) findings.push_back(finding_to_json(finding));
  OrderedJson classes = OrderedJson::array();
  for (const FaultClass fault : answer.classes) classes.push_back(to_string(fault));
  OrderedJson facts = OrderedJson::array();
  for (const CaptureFact& fact : answer.facts) facts.push_back({{"label", fact.label}, {"text", fact.text}});
  OrderedJson missing = OrderedJson::array();
  for (const MissingCapture& one : answer.missing) missing.push_back({{"what", one.what}, {"commands", one.commands}});
  OrderedJson remedies = OrderedJson::array();
  for (const ClassDiagnosis& one : answer.diagnoses)
    for (const Remedy& remedy : one.diagnosis.remedies)
      remedies.push_back({{"class", to_string(one.fault_class)}, {"where", remedy.where}, {"action", remedy.action}});
  const OrderedJson document = {{"schema", "offlab.analysis/2"},
                                {"headline", answer.headline},
                                {"flow", answer.flow},
                                {"files", answer.files},
                                {"assumptions", answer.assumptions},
                                {"outcome", to_string(answer.outcome)},
                                {"class", answer.classes.size() == 1 ? classes.front() : OrderedJson(nullptr)},
                                {"classes", classes},
                                {"undecided", answer.undecided},
                                {"facts", facts},
                                {"missing", missing},
                                {"remedies", remedies},
                                {"findings", findings}};
  return clean_json(document).dump(1) + "\n";
}

}  // namespace offlab
