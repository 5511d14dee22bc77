#include "selftest/error_rates.h"

#include <cmath>

#include <fmt/core.h>

namespace offlab {
namespace {

constexpr double tail = 0.05;

// Probability of at most `errors` among `cases` when each has probability `p`.
double at_most(unsigned errors, unsigned cases, double p) {
  double sum = 0;
  for (unsigned k = 0; k <= errors; ++k)
    sum += std::exp(std::lgamma(cases + 1.0) - std::lgamma(k + 1.0) - std::lgamma(cases - k + 1.0) + k * std::log(p) +
                    (cases - k) * std::log1p(-p));
  return sum;
}

template <typename Row>
std::string rows(const ErrorRates& rates, Row row) {
  return row("healthy", rates.healthy) + row("faulty", rates.faulty);
}

double bound_percent(const ErrorRate& rate) {
  return 100 * upper_bound(rate.wrong, rate.judged());
}

}  // namespace

void ErrorRates::count(const std::vector<CaseResult>& cases) {
  for (const CaseResult& one : cases) {
    ErrorRate& rate = one.expect == Expectation(FaultClass::healthy) ? healthy : faulty;
    switch (one.outcome) {
      case Outcome::pass:
        ++rate.right;
        continue;
      case Outcome::fail:
        ++rate.wrong;
        break;
      case Outcome::inconclusive:
        ++rate.inconclusive;
        break;
      case Outcome::skip:
      case Outcome::error:
        ++rate.broken;
        break;
    }
    not_right.push_back(fmt::format("{}: {}, expected {}, found {}: {}", one.id, to_string(one.outcome),
                                    to_string(one.expect), one.fault_class ? to_string(*one.fault_class) : "nothing",
                                    one.reason));
  }
}

Outcome ErrorRates::outcome() const {
  if (healthy.wrong + faulty.wrong > 0) return Outcome::fail;
  return healthy.judged() > 0 && faulty.judged() > 0 ? Outcome::pass : Outcome::inconclusive;
}

double upper_bound(unsigned errors, unsigned cases) {
  if (errors >= cases) return 1;
  double low = 0;
  double high = 1;
  while (high - low > 1e-9) {
    const double middle = (low + high) / 2;
    (at_most(errors, cases, middle) > tail ? low : high) = middle;
  }
  return high;
}

std::string describe(const ErrorRates& rates) {
  std::string text = fmt::format("{:<8} {:>6} {:>6} {:>18} {:>13} {:>6}\n", "cases", "judged", "wrong",
                                 "at most (95 %)", "inconclusive", "error");
  text += rows(rates, [](const char* kind, const ErrorRate& rate) {
    return fmt::format("{:<8} {:>6} {:>6} {:>16.1f} % {:>13} {:>6}\n", kind, rate.judged(), rate.wrong,
                       bound_percent(rate), rate.inconclusive, rate.broken);
  });
  for (const std::string& line : rates.not_right) text += line + "\n";
  return text;
}

std::string markdown(const ErrorRates& rates) {
  return "| cases | judged | wrong | at most, 95 % confidence | inconclusive | error |\n|---|---|---|---|---|---|\n" +
         rows(rates, [](const char* kind, const ErrorRate& rate) {
           return fmt::format("| {} | {} | {} | {:.1f} % | {} | {} |\n", kind, rate.judged(), rate.wrong,
                              bound_percent(rate), rate.inconclusive, rate.broken);
         });
}

}  // namespace offlab
