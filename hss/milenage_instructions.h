// Milenage's five blocks without a step through memory, on a processor that has instructions for AES.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#include "hss/aka_response.h"
#include "hss/subscriber.h"

namespace hss::milenage {

/// What f1 to f5 give of K, OPc and RAND, 16 octets each (TS 35.206 4.1). `half` is SQN || AMF, of which IN1 has two.
/// r1 to r4 are below 128 and multiples of 8, as those of TS 35.206 are.
using OutputsByInstructions = AkaOutputs (*)(const std::uint8_t* k, const std::uint8_t* opc, const std::uint8_t* rand,
                                             std::uint64_t half, const MilenageConstants& constants);

/// Null when this processor has none, or none that is known here.
OutputsByInstructions outputs_by_instructions();

}  // namespace hss::milenage
