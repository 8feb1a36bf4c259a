// Verbs that write pushes: deregister, subscriber set and remove, import; and those that show and await them.
// SPDX-License-Identifier: MIT
#include <functional>
#include <sstream>
#include <thread>

#include "provisioning/cli.h"
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class PushTest : public ServedTest {};

TEST_F(PushTest, DeregisterWritesOneForEachPublicIdentity) {
  const std::string out = done({"deregister", kSubscriber, "--info", "goodbye"}).out;
  EXPECT_THAT(out, AllOf(HasSubstr("RTR PERMANENT_TERMINATION to scscf.example.org for "), HasSubstr(kPublic),
                         HasSubstr("tel:+491510000001"), HasSubstr("see 'hssctl push list'")));
  ASSERT_THAT(pushes(), SizeIs(2));
  for (const Push& push : pushes()) {
    EXPECT_EQ(push.private_identity, kPrivate);
    EXPECT_THAT(push.public_identities, SizeIs(1));
    EXPECT_EQ(push.reason_info, "goodbye");
  }
  // Until it is answered the registration stands, and a second one is not written.
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tregistered\t"));
  done({"deregister", kSubscriber});
  EXPECT_THAT(pushes(), SizeIs(2));
  EXPECT_EQ(answer(result::kSuccess), 2U);
  EXPECT_THAT(done({"subscriber", "list"}).out, HasSubstr("\tnot registered\t"));
}

TEST_F(PushTest, DeregisterKnowsEveryReason) {
  const std::vector<std::pair<std::string, DeregistrationReason>> rows{
      {"permanent", DeregistrationReason::kPermanentTermination},
      {"new-server", DeregistrationReason::kNewServerAssigned},
      {"server-change", DeregistrationReason::kServerChange},
      {"remove-scscf", DeregistrationReason::kRemoveScscf}};
  for (const auto& [word, reason] : rows) {
    done({"deregister", kPublic, "--reason", word});
    ASSERT_THAT(pushes(), Not(IsEmpty())) << word;
    EXPECT_EQ(pushes().front().reason, reason) << word;
    answer(result::kSuccess);
    serve();
  }
  EXPECT_EQ(hssctl({"deregister", kPublic, "--reason", "boredom"}).code, 2);
}

TEST_F(PushTest, AnIdentitySaysHowFarDeregisterGoes) {
  const std::string two = R"({"key_sets":[],"private_identities":[{"impi":"a@x.org"},{"impi":"b@x.org"}],)"
                          R"("public_identities":[{"impu":"sip:a@x.org"},{"impu":"sip:b@x.org","implicit_set":1}]})";
  done({"import", "-"}, two);
  const std::vector<std::pair<std::vector<std::string>, std::size_t>> rows{
      {{"deregister", "sip:a@x.org"}, 2},                       // one set with two private identities
      {{"deregister", "a@x.org"}, 2},                           // one private identity with two sets
      {{"deregister", "sip:a@x.org", "--impi", "b@x.org"}, 1},  // one pair
  };
  for (const auto& [arguments, count] : rows) {
    serve(RegistrationStatus::kRegistered, "a@x.org");
    done(arguments);
    EXPECT_EQ(answer(result::kSuccess), count) << arguments.back();
  }
  const Outcome other = hssctl({"deregister", "sip:a@x.org", "--impi", kPrivate});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.err, HasSubstr("--impi: the subscriber has no such private identity"));
}

TEST_F(PushTest, DeregisterOfNobodyIsNoFailure) {
  serve(RegistrationStatus::kNotRegistered);
  EXPECT_EQ(done({"deregister", kPublic}).out, std::string("nothing to do: ") + kPublic + " is not registered\n");
  EXPECT_EQ(done({"deregister", kPublic, "--wait", "--json"}).out, "{\"pushes\":[]}\n");
  EXPECT_EQ(hssctl({"deregister", "sip:nobody@example.org"}).code, 1);
}

TEST_F(PushTest, WaitFailsWhileNobodyAnswers) {
  const Outcome outcome = hssctl({"deregister", kSubscriber, "--wait", "0"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr(": waiting"));
  EXPECT_THAT(outcome.err, HasSubstr("no answer yet: 2 of 2 wait"));
  const Outcome wrong = hssctl({"deregister", kSubscriber, "--wait=soon"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--wait: must be a number from 0 to 86400"));
}

/// hssctl deregister --wait, while something becomes of its pushes.
class WaitTest : public ServedTest {
 protected:
  Outcome wait_while(const std::function<void()>& answered) {
    std::istringstream in;
    std::ostringstream out;
    std::ostringstream err;
    Outcome outcome;
    std::thread waiting([&] {
      outcome.code = run({"-C", directory_.string(), "deregister", kSubscriber, "--wait", "100"},
                         {.in = in, .out = out, .err = err, .executable = {}, .directory = {}});
    });
    while (pushes().size() < 2) std::this_thread::yield();
    answered();
    waiting.join();
    outcome.out = out.str();
    outcome.err = err.str();
    return outcome;
  }
};

TEST_F(WaitTest, EndsWithTheAnswer) {
  const Outcome outcome = wait_while([&] { answer(result::kSuccess); });
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("push 1: done"), HasSubstr("push 2: done")));
}

TEST_F(WaitTest, FailsWhenOneIsRefused) {
  const Outcome outcome = wait_while([&] {
    Store store(directory_.string());
    store.database().write([&] {
      for (Push push : store.administration().pushes(std::nullopt, true, 100)) {
        push.status = push.id == 1 ? PushStatus::kRefused : PushStatus::kDone;
        push.finished = now();
        store.administration().repository().save_push(push);
      }
    });
  });
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("push 1: refused"), HasSubstr("push 2: done")));
  EXPECT_THAT(outcome.err, HasSubstr("1 of 2 refused or given up"));
}

TEST_F(PushTest, ListAndShowSayHowItWent) {
  done({"deregister", kPublic, "--reason", "server-change"});
  EXPECT_THAT(done({"push", "list", "--waiting"}).out,
              AllOf(HasSubstr("\tRTR SERVER_CHANGE\tscscf.example.org\t"), HasSubstr("\twaiting\t-\t")));
  EXPECT_THAT(done({"push", "show", "1"}).out,
              AllOf(HasSubstr("Push       1, RTR SERVER_CHANGE"), HasSubstr("To         scscf.example.org, realm"),
                    HasSubstr("Attempts   0"), HasSubstr("Next       "), HasSubstr("Status     waiting")));
  answer(result::kSuccess);
  EXPECT_EQ(done({"push", "list", "--waiting"}).out, "");
  EXPECT_THAT(done({"push", "list", kSubscriber, "--limit", "1"}).out,
              AllOf(HasSubstr("\tdone\tDIAMETER_SUCCESS (2001)\t"), Not(HasSubstr("\n1\t"))));
  EXPECT_THAT(done({"push", "show", "1", "--json"}).out,
              AllOf(HasSubstr("\"status\": \"done\""), HasSubstr("\"result\": \"DIAMETER_SUCCESS\""),
                    HasSubstr("\"reason\": \"SERVER_CHANGE\""), HasSubstr("\"finished\": ")));
  EXPECT_THAT(done({"push", "list", "--json"}).out, HasSubstr("\"result_code\":2001"));
  EXPECT_EQ(hssctl({"push", "show", "99"}).code, 1);
  EXPECT_EQ(hssctl({"push", "list", "sip:nobody@example.org"}).code, 1);
}

TEST_F(PushTest, RemoveTellsTheServer) {
  const std::string out = done({"subscriber", "remove", kSubscriber}).out;
  EXPECT_THAT(out, AllOf(HasSubstr(std::string("removed ") + kPrivate),
                         HasSubstr("RTR PERMANENT_TERMINATION to scscf.example.org")));
  EXPECT_EQ(done({"subscriber", "list"}).out, "");
  EXPECT_THAT(pushes(), Not(IsEmpty()));
  EXPECT_THAT(done({"push", "list", kPublic}).out, HasSubstr(kPublic));  // found by name: the subscriber is gone
  answer(result::kSuccess);
  for (const Push& push : pushes()) EXPECT_EQ(push.status, PushStatus::kDone);
}

TEST_F(PushTest, SetTellsTheServerWhatItMustKnow) {
  EXPECT_THAT(done({"subscriber", "set", kSubscriber, "--display-name", "Alice"}).out,
              AllOf(HasSubstr("changed "), HasSubstr("PPR user data to scscf.example.org")));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_TRUE(pushes().front().user_data);
  // What no S-CSCF has a copy of is no news to it.
  done({"subscriber", "set", kSubscriber, "--amf", "b9b9"});
  EXPECT_THAT(pushes(), SizeIs(1));
  const std::string json =
      done({"--json", "subscriber", "set", kSubscriber, "--primary-event-charging", "aaa://ecf.example.org"}).out;
  EXPECT_THAT(json, AllOf(HasSubstr("\"pushes\":[{"), HasSubstr("\"charging\":true"),
                          HasSubstr("\"primary_event\":\"aaa://ecf.example.org\"")));
}

TEST_F(PushTest, SetOfAPasswordTellsTheServer) {
  done({"subscriber", "set", kSubscriber, "--sip-password", "first"});
  const std::size_t before = pushes().size();
  done({"subscriber", "set", kSubscriber, "--sip-password", "first"});  // the same one
  EXPECT_THAT(pushes(), SizeIs(before));
  answer(result::kSuccess);
  serve();
  done({"subscriber", "set", kSubscriber, "--sip-password", "second"});
  ASSERT_THAT(pushes(), Not(IsEmpty()));
  EXPECT_TRUE(pushes().front().sip_digest);
}

TEST_F(PushTest, ImportTellsTheServerAndCounts) {
  std::string text = done({"export", "--format", "json"}).out;
  const auto at = text.find("\"tel:+491510000001\",");
  ASSERT_NE(at, std::string::npos);
  text.insert(at + 20, "\"display_name\":\"T\",");
  EXPECT_THAT(done({"import", "--update", "-"}, text).out,
              AllOf(HasSubstr("changed 1"), HasSubstr("S-CSCFs and AAA servers are told: 1 request")));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes().front().kind, PushKind::kPushProfile);
}

TEST_F(PushTest, ImportOfAProfileTellsTheServers) {
  const std::string profile =
      R"({"service_profile":{"name":"default","xml":"<ServiceProfile><InitialFilterCriteria><Priority>1</Priority>)"
      R"(<ApplicationServer><ServerName>sip:as.example.org</ServerName></ApplicationServer>)"
      R"(</InitialFilterCriteria></ServiceProfile>"}})";
  EXPECT_THAT(done({"import", "--update", "-"}, profile).out, HasSubstr("S-CSCFs and AAA servers are told: 1 request"));
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_TRUE(pushes().front().user_data);
}

TEST_F(PushTest, AnOutcomeIsShown) {
  done({"deregister", kPublic});
  {
    Store store(directory_.string());
    store.database().write([&] {
      for (Push push : store.administration().pushes(std::nullopt, true, 100)) {
        push.status = PushStatus::kGivenUp;
        push.finished = now();
        push.outcome = "no answer in 24 hours";
        store.administration().repository().save_push(push);
      }
    });
  }
  EXPECT_THAT(done({"push", "list"}).out, HasSubstr("\tgiven up\t-\tno answer in 24 hours\n"));
  EXPECT_THAT(done({"push", "show", "1"}).out, HasSubstr("Outcome    no answer in 24 hours"));
}

}  // namespace
}  // namespace hss::provisioning
