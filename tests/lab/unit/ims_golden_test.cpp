// The whole text of a registration, a resynchronisation and each wrong card, letter by letter. What the lab chooses is
// fixed by a seed, and the HSS of these tests has RANDs that can be foreseen.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/lab/unit/golden.h"
#include "tests/lab/unit/ims_hss.h"

namespace hss::lab {
namespace {

struct TranscriptRow {
  const char* name;
  ImsHssOptions hss;
  std::vector<std::string> arguments;
  int code;
};

class TranscriptTest : public testing::TestWithParam<TranscriptRow> {};

TEST_P(TranscriptTest, IsAsItWas) {
  const TranscriptRow& row = GetParam();
  std::vector<std::string> arguments = row.arguments;
  arguments.insert(arguments.end(), {"--seed", "20261121"});
  const FlowOutcome outcome = play_flow(row.hss, arguments, Shown::kLadder);
  EXPECT_EQ(outcome.code, row.code) << outcome.err;
  expect_golden("ims-" + std::string(row.name) + ".txt", outcome.out + outcome.err);
}

const TranscriptRow kTranscripts[] = {
    {"registration", {}, {"register", "--deregister"}, 0},
    {"resynchronisation", {}, {"resync", "--ahead", "2^20"}, 0},
    {"op-for-opc", {}, {"register", "--fault", "op-for-opc"}, 1},
    {"other-k", {}, {"register", "--fault", "other-k"}, 1},
    {"k-and-opc-swapped", {}, {"register", "--fault", "k-and-opc-swapped"}, 1},
    {"amf-in-auts", {}, {"register", "--fault", "amf-in-auts"}, 1},
    {"forged-mac-s", {}, {"register", "--fault", "forged-mac-s"}, 1},
    {"replayed-auts", {}, {"register", "--fault", "replayed-auts"}, 1},
    {"separation-bit-wanted", {.amf = {0, 0}}, {"register", "--fault", "separation-bit-wanted"}, 1},
    {"xor-algorithm", {}, {"register", "--fault", "xor-algorithm"}, 1},
};
INSTANTIATE_TEST_SUITE_P(Ims, TranscriptTest, testing::ValuesIn(kTranscripts), [](const auto& row) {
  std::string name = row.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

}  // namespace
}  // namespace hss::lab
