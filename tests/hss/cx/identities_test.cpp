// Whom a request is about: exact before wildcard, and who may register with what.
// SPDX-License-Identifier: MIT
#include "hss/cx/identities.h"

#include "tests/hss/cx/fixture.h"

namespace hss::cx::test {
namespace {

struct Row {
  const char* clause;
  const char* asked;
  std::optional<std::string> wildcard;  // Wildcarded-Public-Identity of the request
  const char* found;                    // impu of what must be found; null: nothing
  const char* instance = "";
};

TEST(FindPublic, TakesTheExactOneThenTheWildcardGivenThenTheBest) {
  const Row rows[] = {
      {"8: exact", kImpu, {}, kImpu},
      {"8: exact, written otherwise", "SIP:+15550100001@IMS.example.org:5060;user=phone", {}, kImpu},
      {"8: exact before a wildcard that is given", kReception, kWildUser, kReception},
      {"8: exact before a wildcard that matches", kReception, {}, kReception},
      {"8: best wildcard", kExtension, {}, kWildUser, kExtension},
      {"8: other wildcard", "sip:pbxy@ims.example.org", {}, kWildUser2, "sip:pbxy@ims.example.org"},
      {"8: the wildcard given wins over a better one", kExtension, kWildUser2, kWildUser2, kExtension},
      {"8: a wildcard given that does not match is ignored", kExtension, kWildService, kWildUser, kExtension},
      {"8: a wildcard given that nobody has is ignored", kExtension, "sip:!.*!@ims.example.org", kWildUser, kExtension},
      {"8: a wildcard given that is none is ignored", kExtension, kImpu, kWildUser, kExtension},
      {"8: the expression itself", kWildUser, {}, kWildUser},
      {"8: an expression that nobody has", "sip:no!.*!@ims.example.org", {}, nullptr},
      {"8: nothing", "sip:nobody@ims.example.org", {}, nullptr},
      {"8: no URI", "nonsense", {}, nullptr},
      {"8: no URI, with a wildcard", "nonsense", kWildUser, nullptr},
  };
  World world;
  for (const Row& row : rows) {
    const PublicOwner owner = find_public(row.asked, row.wildcard, world.repository);
    EXPECT_EQ(owner.identity == nullptr ? "-" : owner.identity->impu, row.found == nullptr ? "-" : row.found)
        << row.clause;
    EXPECT_EQ(owner.instance, row.instance) << row.clause;
    EXPECT_EQ(owner.by_wildcard(), !std::string_view(row.instance).empty()) << row.clause;
    EXPECT_EQ(owner.subscription == nullptr, row.found == nullptr) << row.clause;
  }
}

TEST(FindPublic, NamesTheExpressionOfAWildcardedIdentityOnly) {
  World world;
  EXPECT_EQ(find_public(kExtension, {}, world.repository).expression(), kWildUser);
  EXPECT_EQ(find_public(kWildUser, {}, world.repository).expression(), kWildUser);
  EXPECT_FALSE(find_public(kReception, {}, world.repository).expression());
  EXPECT_FALSE(find_public("sip:nobody@x", {}, world.repository).expression());
}

TEST(FindPair, TakesDistinctUserIdentitiesOnly) {
  struct PairRow {
    const char* impi;
    const char* impu;
    std::optional<Result> refused;
  };
  const PairRow rows[] = {
      {kImpi, kImpu, {}},
      {kImpi, kReception, {}},
      {"nobody@x", kImpu, result::kUserUnknown},
      {kImpi, "sip:nobody@x", result::kUserUnknown},
      {kImpi, kService, result::kUserUnknown},
      {kOtherImpi, kService, result::kUserUnknown},
      {kImpi, kChat, result::kUserUnknown},
      {kOtherImpi, kExtension, result::kUserUnknown},
      {kImpi, kWildUser, result::kUserUnknown},
      {kImpi, kOtherImpu, result::kIdentitiesDontMatch},
      {kImpi2, kWork, result::kIdentitiesDontMatch},
  };
  World world;
  for (const PairRow& row : rows) {
    const auto found = find_pair(row.impi, row.impu, world.repository);
    const auto* verdict = std::get_if<Verdict>(&found);
    EXPECT_EQ(verdict == nullptr ? std::nullopt : std::optional(verdict->result), row.refused)
        << row.impi << ' ' << row.impu;
    if (verdict == nullptr) {
      EXPECT_EQ(std::get<IdentityPair>(found).public_identity->impu, row.impu);
    }
  }
}

}  // namespace
}  // namespace hss::cx::test
