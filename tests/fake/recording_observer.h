// Keeps every event.
#pragma once

#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "port/observer.h"

namespace offlab {

class RecordingObserver : public Observer {
 public:
  void on(const Event& event) override {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
  }

  template <typename One>
  std::vector<One> all() const {
    const std::lock_guard lock(mutex_);
    std::vector<One> found;
    for (const Event& event : events_)
      if (const auto* one = std::get_if<One>(&event.what)) found.push_back(*one);
    return found;
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> texts;
    for (const event::Note& note : all<event::Note>()) texts.push_back(note.text);
    return texts;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Event> events_;
};

}  // namespace offlab
