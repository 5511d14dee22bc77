#include "record/analysis_json.h"

#include "record/clean_json.h"
#include "record/finding_json.h"

namespace offlab {

std::string json_answer(const CaptureAnswer& answer) {
  OrderedJson findings = OrderedJson::array();
  for (const Finding& finding : answer.findings) findings.push_back(finding_to_json(finding));
  OrderedJson classes = OrderedJson::array();
  for (const FaultClass fault : answer.classes) classes.push_back(to_string(fault));
  const OrderedJson document = {{"schema", "offlab.analysis/2"},
                                {"flow", answer.flow},
                                {"files", answer.files},
                                {"assumptions", answer.assumptions},
                                {"outcome", to_string(answer.outcome)},
                                {"class", answer.classes.size() == 1 ? classes.front() : OrderedJson(nullptr)},
                                {"classes", classes},
                                {"undecided", answer.undecided},
                                {"findings", findings}};
  return clean_json(document).dump(1) + "\n";
}

}  // namespace offlab
