// Identities that stand twice, found in memory and in runs on disk alike.
// SPDX-License-Identifier: MIT
#include "provisioning/repeated_identities.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "directory.h"
#include "provisioning/command.h"

namespace hss::provisioning {
namespace {

using ::testing::UnorderedElementsAre;
using Repetition = std::tuple<std::size_t, std::size_t, std::size_t>;  // kind, line, earlier line

/// Parameter: how many identities fit into memory. 100 is all of them.
class RepeatedIdentitiesTest : public Directory, public ::testing::WithParamInterface<std::size_t> {
 protected:
  static std::vector<Repetition> found(RepeatedIdentities& identities) {
    std::vector<Repetition> all;
    identities.find(
        [&](std::size_t kind, std::size_t line, std::size_t earlier) { all.emplace_back(kind, line, earlier); });
    return all;
  }
};

TEST_P(RepeatedIdentitiesTest, NamesEachWithTheLineBeforeIt) {
  RepeatedIdentities identities(root_, GetParam());
  for (std::size_t line = 1; line <= 20; ++line) {
    identities.add(line, 0, "imsi" + std::to_string(line));
    identities.add(line, 1, "msisdn" + std::to_string(line % 18));
  }
  identities.add(21, 0, "imsi7");
  identities.add(21, 1, "msisdn1");
  EXPECT_THAT(found(identities), UnorderedElementsAre(Repetition(0, 21, 7), Repetition(1, 19, 1), Repetition(1, 20, 2),
                                                      Repetition(1, 21, 19)));
}

TEST_P(RepeatedIdentitiesTest, OtherKindsAreOtherIdentities) {
  RepeatedIdentities identities(root_, GetParam());
  for (std::size_t line = 1; line <= 3; ++line) identities.add(line, line, "4915");
  EXPECT_THAT(found(identities), UnorderedElementsAre());
  RepeatedIdentities none(root_, GetParam());
  EXPECT_THAT(found(none), UnorderedElementsAre());
}

TEST_P(RepeatedIdentitiesTest, LeavesNoFileBehind) {
  const auto directory = root_ / "scratch";
  ASSERT_TRUE(std::filesystem::create_directory(directory));
  RepeatedIdentities identities(directory, GetParam());
  for (std::size_t line = 1; line <= 20; ++line) identities.add(line, 0, std::to_string(line));
  EXPECT_TRUE(std::filesystem::is_empty(directory));
}

INSTANTIATE_TEST_SUITE_P(Memory, RepeatedIdentitiesTest, ::testing::Values(1, 2, 5, 100));

using ScratchFileTest = Directory;

TEST_F(ScratchFileTest, SaysWhereItCannotWrite) {
  RepeatedIdentities identities(root_ / "nowhere", 1);
  identities.add(1, 0, "a");
  EXPECT_THROW(identities.add(2, 0, "b"), Failure);
}

}  // namespace
}  // namespace hss::provisioning
