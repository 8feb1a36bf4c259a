// SPDX-License-Identifier: MIT
#include "hss/push.h"

namespace hss {

std::string_view name_of(Application application) { return application == Application::kCx ? "Cx" : "SWx"; }

std::string_view name_of(DeregistrationReason reason) {
  switch (reason) {
    case DeregistrationReason::kPermanentTermination:
      return "PERMANENT_TERMINATION";
    case DeregistrationReason::kNewServerAssigned:
      return "NEW_SERVER_ASSIGNED";
    case DeregistrationReason::kServerChange:
      return "SERVER_CHANGE";
    case DeregistrationReason::kRemoveScscf:
      return "REMOVE_S-CSCF";
  }
  return "UNKNOWN_REASON";
}

std::string_view name_of(PushStatus status) {
  switch (status) {
    case PushStatus::kWaiting:
      return "waiting";
    case PushStatus::kDone:
      return "done";
    case PushStatus::kRefused:
      return "refused";
    case PushStatus::kGivenUp:
      return "given up";
    case PushStatus::kObsolete:
      return "obsolete";
  }
  return "unknown";
}

}  // namespace hss
