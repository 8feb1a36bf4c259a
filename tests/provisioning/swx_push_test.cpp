// Verbs that write pushes on SWx: deregister, push send, subscriber set and remove; and how they are shown.
// SPDX-License-Identifier: MIT
#include <algorithm>

#include "provisioning/json.h"
#include "served.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class SwxPushTest : public ServedTest {
 protected:
  void SetUp() override {
    ServedTest::SetUp();
    serve_on_swx();
  }
  std::size_t count(Application application) {
    const auto all = pushes();
    return static_cast<std::size_t>(std::ranges::count(all, application, &Push::application));
  }
};

TEST_F(SwxPushTest, DeregisterGoesWhereItIsTold) {
  struct Row {
    const char* application;
    std::size_t cx;
    std::size_t swx;
  };
  for (const Row& row : {Row{"cx", 2, 0}, Row{"swx", 0, 1}, Row{"all", 2, 1}}) {
    const std::size_t cx = count(Application::kCx);
    const std::size_t swx = count(Application::kSwx);
    done({"deregister", kSubscriber, "--application", row.application});
    EXPECT_EQ(count(Application::kCx) - cx, row.cx) << row.application;
    EXPECT_EQ(count(Application::kSwx) - swx, row.swx) << row.application;
    EXPECT_EQ(answer(result::kSuccess), row.cx + row.swx) << row.application;
    serve();
    serve_on_swx();
  }
}

TEST_F(SwxPushTest, DeregisterNamesReasonAndUser) {
  EXPECT_EQ(done({"deregister", kPublic, "--application", "swx", "--reason", "new-server", "--info", "moved"}).out,
            "push 1: SWx-RTR NEW_SERVER_ASSIGNED to aaa.example.org for 001010000000001\n"
            "the server sends it: see 'hssctl push list'\n");
  const Push push = pushes().front();
  EXPECT_EQ(push.reason_info, "moved");
  EXPECT_EQ(push.private_identity, kSubscriber);
  done({"deregister", kPublic, "--application", "swx", "--reason", "new-server"});
  EXPECT_THAT(pushes(), SizeIs(1));  // it waits already
}

TEST_F(SwxPushTest, DeregisterOfNobodyOnSwxIsNoFailure) {
  serve_on_swx(false);
  EXPECT_EQ(done({"deregister", kSubscriber, "--application", "swx"}).out,
            "nothing to do: 001010000000001 is not registered on SWx\n");
  EXPECT_THAT(pushes(), IsEmpty());
}

TEST_F(SwxPushTest, SendWritesWhatIsAskedFor) {
  EXPECT_EQ(done({"push", "send", kPublic, "--profile", "--reset-indication"}).out,
            "push 1: SWx-PPR user data, Reset-Indication to aaa.example.org for 001010000000001\n"
            "the server sends it: see 'hssctl push list'\n");
  answer(result::kSuccess);  // while it waits, it stands for its parts too
  const std::pair<const char*, std::uint32_t> rows[] = {
      {"--reset-indication", 1}, {"--access-network-info", 2}, {"--local-time-zone", 4}, {"--p-cscf-restoration", 8}};
  for (const auto& [option, bit] : rows) {
    done({"push", "send", kSubscriber, option});
    EXPECT_EQ(pushes().front().ppr_flags, bit) << option;
    EXPECT_FALSE(pushes().front().user_data) << option;
  }
}

TEST_F(SwxPushTest, SendSaysWhoIsNotRegistered) {
  add("001010000000002", "491510000002");
  EXPECT_THAT(done({"push", "send", kSubscriber, "001010000000002", "--profile"}).out,
              AllOf(HasSubstr("nothing to do: 001010000000002 is not registered on SWx\n"), HasSubstr("push 1: ")));
  EXPECT_THAT(done({"push", "send", "001010000000002", "--profile", "--json"}).out,
              "{\"written\":0,\"not_registered\":[\"001010000000002\"],\"pushes\":[]}\n");
  // One that is unknown, and nothing is written for the others.
  EXPECT_EQ(hssctl({"push", "send", kSubscriber, "001010000000009", "--local-time-zone"}).code, 1);
  EXPECT_THAT(pushes(), SizeIs(1));
}

TEST_F(SwxPushTest, SendToAllThatAreRegistered) {
  add("001010000000002", "491510000002");
  add("001010000000003", "491510000003");
  serve_on_swx(true, "001010000000002", "other.example.org");
  serve_on_swx(false, "001010000000003");
  EXPECT_EQ(done({"push", "send", "--registered", "--aaa-server", "OTHER.example.org", "--reset-indication"}).out,
            "1 request written: see 'hssctl push list'\n");
  ASSERT_THAT(pushes(), SizeIs(1));
  EXPECT_EQ(pushes().front().private_identity, "001010000000002");
  EXPECT_EQ(done({"push", "send", "--registered", "--profile", "--json"}).out, "{\"written\":2}\n");
  EXPECT_THAT(pushes(), SizeIs(3));
  EXPECT_EQ(done({"push", "send", "--registered", "--aaa-server", "third.example.org", "--profile"}).out,
            "0 requests written: nobody is registered on SWx\n");
  EXPECT_EQ(hssctl({"push", "send", "--registered", "--profile", "--wait", "0"}).code, 1);
}

TEST_F(SwxPushTest, SendToMoreThanOneBatch) {
  constexpr std::size_t kUsers = 501;
  {
    Store store(directory_.string());
    store.database().write([&] {
      for (std::size_t i = 1; i <= kUsers; ++i) {
        db::SubscriptionDraft draft;
        draft.imsi = "00102" + std::to_string(1'000'000'000 + i);
        draft.private_identities.emplace_back().impi = draft.imsi + "@example.org";
        draft.public_identities.emplace_back().impu = "sip:" + draft.imsi + "@example.org";
        draft.non_3gpp = db::Non3gppDraft{.apns = {{.name = "ims"}}};
        const auto id = store.administration().add(draft);
        store.administration().repository().save_non_3gpp_registration(
            id, {.server = AaaServer{.host = "many.example.org", .realm = "example.org"}, .registered = true});
      }
    });
  }
  EXPECT_EQ(done({"push", "send", "--registered", "--reset-indication"}).out,
            "502 requests written: see 'hssctl push list'\n");
  Store store(directory_.string());
  store.database().read([&] { EXPECT_THAT(store.administration().pushes(std::nullopt, true, 1000), SizeIs(502)); });
}

TEST_F(SwxPushTest, ListAndShowSayWhatWasReported) {
  done({"push", "send", kSubscriber, "--access-network-info", "--local-time-zone"});
  EXPECT_THAT(done({"push", "list"}).out,
              HasSubstr("\tSWx-PPR Access-Network-Info-Request, UE-Local-Time-Zone-Request\taaa.example.org\t"
                        "001010000000001\t-\t0\t"));
  EXPECT_THAT(done({"push", "show", "1"}).out,
              AllOf(HasSubstr("To         aaa.example.org, realm example.org (3GPP AAA server)\n"),
                    HasSubstr("IMSI       001010000000001\n")));
  answer(result::kSuccess, "at the cafe");
  EXPECT_THAT(done({"push", "show", "1"}).out, AllOf(HasSubstr("Status     done"), HasSubstr("at the cafe")));
  EXPECT_THAT(done({"push", "list", kSubscriber}).out, HasSubstr("at the cafe"));
  const Json json = Json::parse(done({"push", "show", "1", "--json"}).out);
  EXPECT_EQ(json.at("application"), "SWx");
  EXPECT_EQ(json.at("kind"), "PPR");
  EXPECT_EQ(json.at("ppr_flags"), Json::parse(R"(["Access-Network-Info-Request","UE-Local-Time-Zone-Request"])"));
  EXPECT_EQ(json.at("user_data"), false);
  EXPECT_FALSE(json.contains("server_name"));
  EXPECT_FALSE(json.contains("sip_digest"));
  done({"deregister", kPublic});
  const Json cx = Json::parse(done({"push", "show", "2", "--json"}).out);
  EXPECT_EQ(cx.at("application"), "Cx");
  EXPECT_EQ(cx.at("server_name"), "sip:scscf.example.org:6060");
  EXPECT_FALSE(cx.contains("ppr_flags"));
}

TEST_F(SwxPushTest, RemoveTellsBothServers) {
  const std::string out = done({"subscriber", "remove", kSubscriber}).out;
  EXPECT_THAT(out, AllOf(HasSubstr("RTR PERMANENT_TERMINATION to scscf.example.org"),
                         HasSubstr("SWx-RTR PERMANENT_TERMINATION to aaa.example.org for 001010000000001")));
  EXPECT_EQ(count(Application::kSwx), 1U);
}

TEST_F(SwxPushTest, RemoveOfOneWhoIsOnSwxOnly) {
  serve(RegistrationStatus::kNotRegistered);
  done({"subscriber", "remove", kSubscriber});
  EXPECT_EQ(count(Application::kCx), 0U);
  EXPECT_EQ(count(Application::kSwx), 1U);
}

TEST_F(SwxPushTest, SetTellsWhatTheAaaServerMustKnow) {
  done({"subscriber", "set", kSubscriber, "--amf", "b9b9"});
  EXPECT_THAT(pushes(), IsEmpty());
  done({"subscriber", "set", kSubscriber, "--display-name", "Alice"});
  EXPECT_EQ(count(Application::kCx), 1U);
  EXPECT_EQ(count(Application::kSwx), 0U);
  const std::string out = done({"subscriber", "set", kSubscriber, "--non-3gpp", "barred"}).out;
  EXPECT_THAT(out, HasSubstr("SWx-RTR PERMANENT_TERMINATION to aaa.example.org"));
}

TEST_F(SwxPushTest, UsageErrors) {
  struct Row {
    std::vector<std::string> arguments;
    const char* reason;
  };
  for (const Row& row : std::vector<Row>{
           {{"deregister", kSubscriber, "--application", "s6a"}, "deregister: "},
           {{"deregister", kSubscriber, "--application", "swx", "--reason", "server-change"},
            "--reason server-change: is for S-CSCFs only"},
           {{"deregister", kSubscriber, "--application", "all", "--reason", "remove-scscf"},
            "--reason remove-scscf: is for S-CSCFs only"},
           {{"deregister", kSubscriber, "--application", "swx", "--impi", kPrivate}, "--impi: is for Cx only"},
           {{"push", "send", "--profile"}, "give either IDs or --registered"},
           {{"push", "send", kSubscriber, "--registered", "--profile"}, "give either IDs or --registered"},
           {{"push", "send", kSubscriber, "--aaa-server", "a.b", "--profile"}, "--aaa-server: goes with --registered"},
           {{"push", "send", kSubscriber}, "say what to send: --profile, --reset-indication"},
           {{"push", "send", kSubscriber, "--profile", "--wait=soon"}, "--wait: must be a number"}}) {
    const Outcome outcome = hssctl(row.arguments);
    EXPECT_EQ(outcome.code, 2) << row.reason;
    EXPECT_THAT(outcome.err, HasSubstr(row.reason));
  }
  EXPECT_THAT(pushes(), IsEmpty());
}

}  // namespace
}  // namespace hss::provisioning
