// What a procedure is given beside its request and the store: settings, the time, randomness.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "hss/random.h"
#include "hss/settings.h"
#include "hss/subscriber.h"

namespace hss {

class ResynchronisationLimit;

/// Watches a procedure: told of each step that it passes, with its clause and what was found there. Never a key.
class StepObserver {
 public:
  virtual ~StepObserver() = default;
  virtual void step(std::string_view clause, std::string_view found) = 0;
};

struct Context {
  const Settings& settings;
  UnixTime now;
  RandomSource& random;
  StepObserver* observer = nullptr;                      // null: nobody watches, and step() costs one comparison
  ResynchronisationLimit* resynchronisations = nullptr;  // null: as many as come

  /// `found` returns the words, and is called only when somebody watches:
  /// context.step("TS 29.228 6.1.1.1 step 2", [&] { return "the private identity may use the public one"; });
  template <typename Found>
  void step(std::string_view clause, Found&& found) const {
    if (observer != nullptr) observer->step(clause, found());
  }
};

/// A Diameter node: Origin-Host and Origin-Realm of a request.
struct DiameterNode {
  std::string host;
  std::string realm;
};

}  // namespace hss
