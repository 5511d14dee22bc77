// The same action on several nodes at once.
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace offlab {

// Runs `action` for each item in a thread of its own and waits for all; then throws the first exception, in item order.
template <typename Item, typename Action>
void for_each_at_once(const std::vector<Item>& items, const Action& action) {
  std::vector<std::exception_ptr> failures(items.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < items.size(); ++i)
      threads.emplace_back([&, i] {
        try {
          action(items[i]);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
  }
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace offlab
