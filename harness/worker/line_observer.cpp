#include "worker/line_observer.h"

#include <iostream>

#include "base/error.h"
#include "record/event_json.h"

namespace offlab {

void LineObserver::on(const Event& event) {
  const std::string line = event_to_line(event) + "\n";
  const std::lock_guard lock(mutex_);
  std::cout << line << std::flush;
}

int LineObserver::guard(const std::function<void()>& work) {
  try {
    work();
    return 0;
  } catch (const Error& error) {
    on(event::LabFailed{error.what(), error.remedy()});
  } catch (const std::exception& error) {
    on(event::LabFailed{error.what(), ""});
  }
  return 3;
}

}  // namespace offlab
