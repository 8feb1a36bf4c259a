// hssctl psi: public service identities, distinct and wildcarded.
// SPDX-License-Identifier: MIT
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class PsiTest : public ServedTest {};

TEST_F(PsiTest, APrivateIdentityFollowsFromTheUri) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"sip:conf@Example.org", "conf@example.org"},
      {"sip:service.example.org", "service@service.example.org"},
      {"tel:+4930123", "+4930123@ims.mnc001.mcc001.3gppnetwork.org"}};
  for (const auto& [uri, impi] : rows) {
    EXPECT_THAT(done({"psi", "add", uri}).out, HasSubstr("DISTINCT_PSI, private identity " + impi + '\n')) << uri;
  }
  const std::string first = done({"psi", "add", "sip:chat-!a.*!@example.org"}).out;
  const std::string second =
      done({"psi", "add", "sip:chat-!b.*!@example.org"}).out;  // another expression, another name
  EXPECT_THAT(first, HasSubstr("WILDCARDED_PSI, private identity chat-wildcard-"));
  EXPECT_THAT(second, HasSubstr("WILDCARDED_PSI, private identity chat-wildcard-"));
  EXPECT_THAT(done({"psi", "add", "sip:x@example.org", "--impi", "Own@Example.org"}).out,
              HasSubstr("private identity Own@example.org\n"));
}

TEST_F(PsiTest, WhatIsTypedIsStoredAndShown) {
  done({"psi", "add", "sip:conf@example.org", "--as", "sip:as.example.org", "--inactive", "--scscf",
        "sip:s1.example.org"});
  EXPECT_THAT(
      done({"psi", "list"}).out,
      HasSubstr("sip:conf@example.org\tinactive\tsip:as.example.org\tdefault\tconf@example.org\tnot registered"));
  EXPECT_THAT(done({"subscriber", "show", "sip:conf@example.org"}).out,
              AllOf(HasSubstr("type      DISTINCT_PSI, not active, application server sip:as.example.org"),
                    HasSubstr("prefer sip:s1.example.org")));
  done({"psi", "set", "sip:conf@example.org", "--active", "--clear", "as", "--clear", "scscf"});
  EXPECT_THAT(done({"psi", "list", "--json"}).out,
              AllOf(HasSubstr("\"active\":true"), HasSubstr("\"type\":\"DISTINCT_PSI\""),
                    Not(HasSubstr("application_server"))));
  done({"psi", "set", "sip:conf@example.org", "--as", "sip:b.example.org"});
  EXPECT_THAT(done({"psi", "list"}).out, HasSubstr("\tactive\tsip:b.example.org\t"));
  done({"psi", "remove", "sip:conf@example.org"});
  EXPECT_EQ(done({"psi", "list"}).out, "");
}

TEST_F(PsiTest, ItIsFoundByItsExpressionAndReadBack) {
  done({"psi", "add", "sip:chat-!.*!@example.org", "--as", "sip:as.example.org"});
  const std::string exported = done({"export", "--format", "json"}).out;
  EXPECT_THAT(exported, HasSubstr("\"type\":\"WILDCARDED_PSI\""));
  EXPECT_EQ(done({"import", "-"}, exported).out, "added 0, already there 4\n");
  done({"psi", "remove", "sip:chat-!.*!@example.org"});
  EXPECT_EQ(done({"import", "-"}, exported).out, "added 1, already there 3\n");
}

TEST_F(PsiTest, RefusalsNameWhatIsWrong) {
  done({"psi", "add", "sip:conf@example.org"});
  const std::vector<std::tuple<std::vector<std::string>, int, std::string>> rows{
      {{"psi", "add", "conf"}, 2, "URI: is no public identity"},
      {{"psi", "add", "sip:a-!(!@example.org"}, 2, "URI: is no wildcarded identity"},
      {{"psi", "add", "sip:b@example.org", "--as", "as.example.org"}, 2, "--as: is no SIP URI"},
      {{"psi", "add", "sip:b@example.org", "--impi", "b"}, 2, "--impi: is no private identity"},
      {{"psi", "add", "sip:b@example.org", "--profile", "none"}, 1, "none"},
      {{"psi", "add", "sip:conf@example.org"}, 1, "conf@example.org"},
      {{"psi", "set", "sip:none@example.org", "--inactive"}, 1, "no such subscriber"},
      {{"psi", "set", kPublic, "--inactive"}, 1, "is no public service identity"},
      {{"psi", "remove", kPublic}, 1, "is no public service identity"},
      {{"psi", "set", "sip:conf@example.org", "--active", "--inactive"}, 2, "--active"}};
  for (const auto& [arguments, code, reason] : rows) {
    const Outcome outcome = hssctl(arguments);
    EXPECT_EQ(outcome.code, code) << reason;
    EXPECT_THAT(outcome.err, HasSubstr(reason));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(PsiTest, TheServerThatHasItIsTold) {
  done({"psi", "add", "sip:conf@example.org"});
  serve(RegistrationStatus::kUnregistered, "sip:conf@example.org");
  EXPECT_THAT(done({"psi", "remove", "sip:conf@example.org"}).out,
              AllOf(HasSubstr("removed sip:conf@example.org"), HasSubstr("RTR ")));
}

}  // namespace
}  // namespace hss::provisioning
