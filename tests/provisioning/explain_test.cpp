// hssctl explain: the steps, the answer, what would change; and nothing does.
// SPDX-License-Identifier: MIT
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExplainTest : public ServedTest {
 protected:
  /// Everything that a rehearsal might have left behind.
  std::string all() {
    return done({"export", "--format", "json", "--with-keys"}).out + done({"subscriber", "show", kSubscriber}).out +
           done({"push", "list"}).out;
  }
};

TEST_F(ExplainTest, NothingIsKept) {
  const std::string before = all();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"explain", "uar", kPublic},
           {"explain", "mar", kPublic, "--items", "3"},
           {"explain", "mar", kPublic, "--server-name", "sip:other.example.org"},
           {"explain", "sar", kPublic, "--type", "5"},
           {"explain", "sar", "--impi", kPrivate, "--type", "administrative-deregistration"},
           {"explain", "lir", kPublic, "--originating"}}) {
    const std::string out = done(arguments).out;
    EXPECT_THAT(out, AllOf(HasSubstr("TS 29.228 6."), HasSubstr("Nothing of this was kept.\n"))) << arguments[1];
    EXPECT_THAT(out, AllOf(Not(HasSubstr(kK)), Not(HasSubstr(kOpc)))) << arguments[1];
    EXPECT_EQ(all(), before) << arguments[1];
  }
}

TEST_F(ExplainTest, UarSaysWhere) {
  EXPECT_THAT(
      done({"explain", "uar", kPublic}).out,
      AllOf(HasSubstr(std::string("User-Name: ") + kPrivate + " (of the subscription)"),
            HasSubstr("step 4: it may roam everywhere"), HasSubstr("DIAMETER_SUBSEQUENT_REGISTRATION (10415:2002)"),
            HasSubstr("Server-Name: sip:scscf.example.org:6060"), HasSubstr("It would change\n  nothing")));
  done({"subscriber", "set", kSubscriber, "--visited-network", "home.example.org"});
  EXPECT_THAT(done({"explain", "uar", kPublic, "--visited-network", "far.example.org"}).out,
              HasSubstr("DIAMETER_ERROR_ROAMING_NOT_ALLOWED (10415:5004)"));
  EXPECT_THAT(done({"explain", "uar", kPublic, "--visited-network", "far.example.org", "--emergency"}).out,
              AllOf(HasSubstr("emergency registration"), HasSubstr("(10415:2002)")));
  EXPECT_THAT(done({"explain", "uar", kPublic, "--type", "registration_and_capabilities"}).out,
              AllOf(HasSubstr("DIAMETER_SUCCESS (2001)"), HasSubstr("Server-Capabilities: prefer")));
  EXPECT_THAT(done({"explain", "uar", kPublic, "--impi", "nobody@example.org"}).out,
              HasSubstr("DIAMETER_ERROR_USER_UNKNOWN (10415:5001)"));
}

TEST_F(ExplainTest, MarSaysTheSqnAndNoKey) {
  EXPECT_THAT(done({"explain", "mar", kPublic}).out,
              AllOf(HasSubstr("Server-Name: sip:scscf.example.org:6060 (the stored one)"),
                    HasSubstr("Origin-Host: scscf.example.org"),
                    HasSubstr("SIP-Auth-Data-Item 1: Digest-AKAv1-MD5, AMF 8000, RES of 8 octets, IND 0"),
                    HasSubstr("SEQ: 0 -> 1")));
  EXPECT_THAT(done({"explain", "mar", kPublic, "--scheme", "SIP Digest"}).out,
              HasSubstr("DIAMETER_ERROR_AUTH_SCHEME_NOT_SUPPORTED (10415:5006)"));
  EXPECT_THAT(done({"explain", "mar", kPublic, "--auts", std::string(60, '0')}).out,
              AllOf(HasSubstr("a resynchronisation"), HasSubstr("DIAMETER_UNABLE_TO_COMPLY (5012)")));
  const Outcome wrong = hssctl({"explain", "mar", kPublic, "--auts", "12"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--auts: must be RAND and AUTS"));
}

TEST_F(ExplainTest, MarOfSipDigestHidesHa1) {
  done({"subscriber", "add", "--impi", "bob@example.org", "--impu", "sip:bob@example.org", "--sip-password", "secret"});
  const std::string exported = done({"export", "--format", "json", "--with-keys"}).out;
  const auto at = exported.find("\"ha1\":\"");
  ASSERT_NE(at, std::string::npos);
  const std::string ha1 = exported.substr(at + 7, 32);
  const std::string out = done({"explain", "mar", "sip:bob@example.org"}).out;
  EXPECT_THAT(out, AllOf(HasSubstr("SIP Digest, realm \"example.org\", HA1 by MD5 and SHA-256"), Not(HasSubstr(ha1))));
}

TEST_F(ExplainTest, SarSaysWhatWouldBecomeOfTheRegistration) {
  EXPECT_THAT(done({"explain", "sar", kPublic, "--type", "5"}).out,
              AllOf(HasSubstr("Server-Assignment-Type: USER_DEREGISTRATION"), HasSubstr("registered -> not registered"),
                    HasSubstr("S-CSCF: sip:scscf.example.org:6060 (Diameter scscf.example.org) -> none")));
  EXPECT_THAT(done({"explain", "sar", kPublic, "--type", "re-registration"}).out,
              AllOf(HasSubstr("User-Data: "), HasSubstr(" octets")));
  EXPECT_THAT(done({"explain", "sar", kPublic, "--type", "1", "--server-name", "sip:other.example.org"}).out,
              HasSubstr("DIAMETER_ERROR_IDENTITY_ALREADY_REGISTERED (10415:5005)"));
  EXPECT_EQ(hssctl({"explain", "sar", kPublic, "--type", "none"}).code, 2);
  EXPECT_EQ(hssctl({"explain", "sar", "--type", "1"}).code, 2);
}

TEST_F(ExplainTest, SarShowsThePushesToTheServerThatIsReplaced) {
  Store store(directory_.string());
  store.database().write([&] {  // a MAR of another S-CSCF has moved the name
    Repository& repository = store.administration().repository();
    const SubscriptionId id = store.require(kSubscriber);
    Registration registration = repository.registration(id);
    registration.previous_server = registration.server;
    registration.server = AssignedServer{"sip:new.example.org", "new.example.org", "example.org"};
    registration.pairs.front().auth_pending_until = now() + 300;
    repository.save_registration(id, registration);
  });
  EXPECT_THAT(done({"explain", "sar", kPublic, "--type", "1"}).out,
              HasSubstr("RTR NEW_SERVER_ASSIGNED to scscf.example.org for "));
  EXPECT_TRUE(pushes().empty());
}

TEST_F(ExplainTest, LirSaysWhoServes) {
  EXPECT_THAT(done({"explain", "lir", kPublic}).out,
              AllOf(HasSubstr("DIAMETER_SUCCESS (2001)"), HasSubstr("Server-Name: sip:scscf.example.org:6060")));
  EXPECT_THAT(done({"explain", "lir", "sip:nobody@example.org"}).out, HasSubstr("DIAMETER_ERROR_USER_UNKNOWN"));
  done({"psi", "add", "sip:chat-!.*!@example.org", "--as", "sip:as.example.org"});
  EXPECT_THAT(done({"explain", "lir", "sip:chat-7@example.org"}).out,
              AllOf(HasSubstr("Server-Name: sip:as.example.org (an application server)"),
                    HasSubstr("Wildcarded-Public-Identity: sip:chat-!.*!@example.org")));
}

TEST_F(ExplainTest, ANumberStandsForTheFirstPublicIdentity) {
  for (const char* command : {"uar", "mar", "lir"}) {
    EXPECT_THAT(done({"explain", command, "491510000001"}).out,
                HasSubstr(std::string("Public-Identity: ") + kPublic + " (the first one of 491510000001)"))
        << command;
  }
  EXPECT_THAT(done({"explain", "sar", kSubscriber, "--type", "2"}).out,
              AllOf(HasSubstr(std::string("Public-Identity: ") + kPublic), HasSubstr("DIAMETER_SUCCESS (2001)")));
}

TEST_F(ExplainTest, JsonHasTheSame) {
  EXPECT_THAT(done({"--json", "explain", "mar", kPublic}).out,
              AllOf(HasSubstr("\"command\": \"Multimedia-Auth-Request\""), HasSubstr("\"clause\": \"TS 29.228 6.3.1"),
                    HasSubstr("\"result\": \"DIAMETER_SUCCESS\""), HasSubstr("\"result_code\": 2001"),
                    HasSubstr("\"value\": \"0 -> 1\""), HasSubstr("\"pushes\": []")));
}

TEST_F(ExplainTest, APrivateIdentityThatIsNotClearMustBeGiven) {
  done({"import", "-"}, R"({"key_sets":[],"private_identities":[{"impi":"a@x.org"},{"impi":"b@x.org"}],)"
                        R"("public_identities":[{"impu":"sip:a@x.org"}]})");
  const Outcome several = hssctl({"explain", "uar", "sip:a@x.org"});
  EXPECT_EQ(several.code, 1);
  EXPECT_THAT(several.err, HasSubstr("2 private identities"));
  EXPECT_THAT(done({"explain", "uar", "sip:a@x.org", "--impi", "b@x.org"}).out,
              HasSubstr("DIAMETER_FIRST_REGISTRATION"));
  EXPECT_THAT(hssctl({"explain", "uar", "sip:nobody@x.org"}).err, HasSubstr("add --impi"));
}

}  // namespace
}  // namespace hss::provisioning
