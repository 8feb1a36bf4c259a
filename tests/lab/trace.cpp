// SPDX-License-Identifier: MIT
#include "tests/lab/trace.h"

namespace hss::lab {

const char* name_of(Party party) {
  switch (party) {
    case Party::kUe:
      return "UE";
    case Party::kPcscf:
      return "P-CSCF";
    case Party::kIcscf:
      return "I-CSCF";
    case Party::kScscf:
      return "S-CSCF";
    case Party::kAaa:
      return "AAA";
    case Party::kHss:
      return "HSS";
  }
  return "?";
}

}  // namespace hss::lab
