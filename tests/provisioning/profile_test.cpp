// The verbs on service profiles: what is stored, what an S-CSCF would get, and who is told of a change.
// SPDX-License-Identifier: MIT
#include "hss/user_profile.h"

#include "profile_fixture.h"

namespace hss::provisioning {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// ---- set, show ------------------------------------------------------------------------------------------------------

TEST_F(ProfileTest, SetKeepsATextAsItWasWritten) {
  const std::string text = "<!-- ours -->\n" + profile(criteria(1, "as")) + "\n";
  EXPECT_EQ(done({"profile", "set", "gold", "-"}, text).out, "stored gold: 1 initial filter criteria\n");
  EXPECT_EQ(done({"profile", "show", "gold"}).out, text);
  EXPECT_EQ(done({"profile", "set", " gold ", file("p.xml", profile("")).string(), "--json"}).out,
            R"({"name":"gold","criteria":0,"shared_ifc_sets":[],"pushes":[]})"
            "\n");
  EXPECT_EQ(done({"profile", "show", "gold"}).out, profile("") + "\n");
}

TEST_F(ProfileTest, SetTakesADocumentWithIdentities) {
  const std::string identity = "<PublicIdentity><Identity>sip:a@example.org</Identity></PublicIdentity>";
  const std::string document = "<IMSSubscription><PrivateID>a@example.org</PrivateID>" +
                               profile(identity + criteria(1, "as")) + "</IMSSubscription>";
  EXPECT_EQ(done({"profile", "set", "gold", "-"}, document).out,
            "stored gold: 1 initial filter criteria; its public identities are left out\n");
  EXPECT_EQ(done({"profile", "show", "gold"}).out, profile(criteria(1, "as")) + "\n");
  // What is previewed can be stored again, and is the same then.
  done({"subscriber", "set", kImsi, "--profile", "gold"});
  const std::string before = preview({kTel});
  done({"profile", "set", "gold", "-"}, before);
  EXPECT_EQ(preview({kTel}), before);
}

TEST_F(ProfileTest, SetRefusesAndKeepsWhatWasThere) {
  done({"profile", "set", "gold", "-"}, profile(criteria(1, "as")));
  const auto set = [](const std::string& from) { return std::vector<std::string>{"profile", "set", "gold", from}; };
  EXPECT_EQ(failed(set("-"), profile("<Extra/>")),
            "hssctl: profile set: -: ServiceProfile: unknown element Extra; known are: PublicIdentity, "
            "CoreNetworkServicesAuthorization, InitialFilterCriteria, Extension\n");
  EXPECT_THAT(failed(set("-"), "<IMSSubscription/>"), HasSubstr("IMSSubscription: PrivateID is missing"));
  EXPECT_THAT(failed(set("/nonexistent.xml")), HasSubstr("/nonexistent.xml: cannot be read"));
  EXPECT_THAT(failed(set("-"), profile(criteria(2, "b") + shared("7"))), HasSubstr("shared iFC set 7"));
  done({"shared-ifc", "set", "seven", "-", "--id", "7"}, profile(criteria(2, "mail")));
  EXPECT_THAT(failed(set("-"), profile(criteria(2, "b") + shared("7"))), HasSubstr("priority 2 is used twice"));
  EXPECT_THAT(failed({"profile", "set", " ", "-"}, profile(""), 2), HasSubstr("the name is empty"));
  EXPECT_THAT(failed({"profile", "set", "gold"}, "", 2), HasSubstr("give FILE, or --template and --as"));
  EXPECT_THAT(failed({"profile", "set", "gold", "-", "--wait=soon"}, profile(""), 2), HasSubstr("--wait"));
  EXPECT_EQ(done({"profile", "show", "gold"}).out, profile(criteria(1, "as")) + "\n");
}

// ---- template -------------------------------------------------------------------------------------------------------

TEST_F(ProfileTest, TemplatesAreListed) {
  EXPECT_THAT(done({"profile", "template"}).out, AllOf(StartsWith("volte\t"), HasSubstr("\nsms-over-ip\t")));
  EXPECT_THAT(done({"profile", "template", "--json"}).out, StartsWith(R"([{"name":"volte","description":")"));
}

/// The session cases of the criteria of a method, by priority; REGISTER has none: -1.
std::vector<std::pair<std::string, int>> triggers(const ServiceProfile& profile) {
  std::vector<std::pair<std::string, int>> all;
  for (const auto& each : profile.criteria) {
    std::pair<std::string, int> found{"", -1};
    for (const auto& trigger : each.trigger_point->triggers) {
      if (const auto* method = std::get_if<Method>(&trigger.condition)) found.first = method->name;
      if (const auto* session_case = std::get_if<SessionCase>(&trigger.condition)) {
        found.second = static_cast<int>(*session_case);
      }
    }
    all.push_back(found);
  }
  return all;
}

TEST_F(ProfileTest, TheVolteTemplateServesCallsInEveryState) {
  const auto profile = parse_service_profile(done({"profile", "template", "volte", "--as", "sip:tas.example.org"}).out);
  EXPECT_THAT(triggers(profile),
              ::testing::ElementsAre(std::pair("REGISTER", -1), std::pair("INVITE", 0), std::pair("REFER", 0),
                                     std::pair("SUBSCRIBE", 0), std::pair("INVITE", 1), std::pair("INVITE", 2)));
  for (const auto& each : profile.criteria) {
    EXPECT_EQ(each.application_server.server_name, "sip:tas.example.org");
    EXPECT_EQ(each.profile_part, each.priority == 31 ? ProfilePart::kUnregistered : ProfilePart::kRegistered);
    EXPECT_EQ(each.application_server.default_handling, DefaultHandling::kSessionContinued);
  }
  EXPECT_TRUE(profile.has_unregistered_services());
}

TEST_F(ProfileTest, TheSmsTemplateServesWhatThePhoneSends) {
  const auto profile =
      parse_service_profile(done({"profile", "template", "sms-over-ip", "--as", "sip:gw.example.org;lr"}).out);
  EXPECT_THAT(triggers(profile), ::testing::ElementsAre(std::pair("REGISTER", -1), std::pair("MESSAGE", 0)));
  ASSERT_EQ(profile.criteria.size(), 2U);
  // Registration, refresh and de-registration: no type is named.
  EXPECT_TRUE(profile.criteria[0].trigger_point->triggers[0].registration_types.empty());
  EXPECT_EQ(profile.criteria[1].trigger_point->triggers[2].condition,
            (decltype(ServicePointTrigger::condition){SipHeader{"Content-Type", "application/vnd\\.3gpp\\.sms"}}));
  EXPECT_EQ(profile.criteria[1].application_server.default_handling, DefaultHandling::kSessionTerminated);
  EXPECT_EQ(profile.criteria[1].application_server.server_name, "sip:gw.example.org;lr");
  EXPECT_FALSE(profile.has_unregistered_services());
}

TEST_F(ProfileTest, TemplatesBecomeOneProfile) {
  EXPECT_EQ(done({"profile", "set", "gold", "--template", "volte", "--as", "sip:tas.example.org?a=1&b=2", "--template",
                  "sms-over-ip", "--as", "sip:gw.example.org"})
                .out,
            "stored gold: 8 initial filter criteria\n");
  const std::string text = done({"profile", "show", "gold"}).out;
  EXPECT_EQ(done({"profile", "template", "volte", "sms-over-ip", "--as", "sip:tas.example.org?a=1&b=2", "--as",
                  "sip:gw.example.org"})
                .out,
            text);
  const auto profile = parse_service_profile(text);
  EXPECT_EQ(profile.criteria.front().application_server.server_name, "sip:tas.example.org?a=1&b=2");
  EXPECT_EQ(profile.criteria.back().application_server.server_name, "sip:gw.example.org");
}

TEST_F(ProfileTest, TemplatesRefuseWhatMakesNoProfile) {
  const auto with = [](std::vector<std::string> more) {
    more.insert(more.begin(), {"profile", "template"});
    return more;
  };
  EXPECT_THAT(failed(with({"vilte", "--as", "sip:a"}), "", 2), HasSubstr("vilte: no such template"));
  EXPECT_THAT(failed(with({"volte"}), "", 2), HasSubstr("give --as URI"));
  EXPECT_THAT(failed(with({"--as", "sip:a"}), "", 2), HasSubstr("give --as URI"));
  EXPECT_THAT(failed(with({"volte", "--as", "tas.example.org"}), "", 2), HasSubstr("no SIP URI"));
  EXPECT_THAT(failed(with({"volte", "volte", "--as", "sip:a", "--as", "sip:b"}), "", 2), HasSubstr("given twice"));
  EXPECT_THAT(failed({"profile", "set", "x", "-", "--template", "volte", "--as", "sip:a"}, profile(""), 2),
              HasSubstr("not both"));
  EXPECT_EQ(done({"profile", "list"}).out, "default\n");
}

// ---- preview --------------------------------------------------------------------------------------------------------

TEST_F(ProfileTest, PreviewIsTheDocumentToTheOctet) {
  done({"profile", "set", "default", "-"}, profile(criteria(1, "as")));
  const std::string temporary = "sip:" + kImsi + "@" + kDomain;
  const auto identity = [](const std::string& impu, const std::string& barring) {
    return "<PublicIdentity>" + barring + "<Identity>" + impu +
           "</Identity><Extension><IdentityType>0</IdentityType></Extension></PublicIdentity>";
  };
  const std::string document =
      R"(<?xml version="1.0" encoding="UTF-8"?><IMSSubscription><PrivateID>)" + kImsi + '@' + kDomain + "</PrivateID>" +
      profile(identity(kSip, "") + identity(temporary, "<BarringIndication>1</BarringIndication>") +
              identity(kTel, "") + criteria(1, "as")) +
      "</IMSSubscription>";
  // A barred identity, any form of it, and every member of the set lead there.
  for (const std::string& impu :
       {temporary, kSip, kTel, std::string("TEL:+49-1510000001"), kSip + ":5060;user=phone"}) {
    EXPECT_EQ(preview({impu}), document) << impu;
  }
  EXPECT_THAT(preview({kTel, "--json"}), AllOf(StartsWith("{\"impu\":\"" + kTel + "\",\"impi\":\"" + kImsi + "@"),
                                               HasSubstr(R"("user_data":"<?xml version=\"1.0\")")));
}

TEST_F(ProfileTest, PreviewChangesNothing) {
  serve(kImsi);
  const std::string before = done({"subscriber", "show", kImsi, "--json"}).out;
  preview({kTel});
  EXPECT_EQ(done({"subscriber", "show", kImsi, "--json"}).out, before);
  EXPECT_THAT(pushes(), SizeIs(0));
}

TEST_F(ProfileTest, PreviewRefusesWhatNoScscfGets) {
  EXPECT_THAT(failed({"profile", "preview", "sip:nobody@example.org"}),
              HasSubstr("sip:nobody@example.org: no such public identity"));
  EXPECT_THAT(failed({"profile", "preview", "nobody"}), HasSubstr("nobody: no public identity"));
  EXPECT_THAT(failed({"profile", "preview", kTel, "--impi", "other@example.org"}),
              HasSubstr("other@example.org: may not use " + kTel));
  EXPECT_THAT(preview({kTel, "--impi", kImsi + "@IMS.mnc001.mcc001.3gppnetwork.org"}),
              HasSubstr("<PrivateID>" + kImsi + '@' + kDomain));
}

/// A subscriber with two private identities, a wildcarded identity, alias groups: through the store's own door.
class PreviewTest : public ProfileTest {
 protected:
  PreviewTest() {
    done({"shared-ifc", "set", "mail", "-", "--id", "7"}, profile(criteria(2, "mail")));
    done({"profile", "set", "gold", "-"}, profile(criteria(1, "as") + shared("7")));
    db::SubscriptionDraft draft;
    draft.private_identities.resize(2);
    draft.private_identities[0].impi = "phone@example.org";
    draft.private_identities[1].impi = "tablet@example.org";
    draft.public_identities.resize(2);
    draft.public_identities[0].impu = "sip:alice@example.org";
    draft.public_identities[0].alias_group = "g1";
    draft.public_identities[0].service_profile = "gold";
    draft.public_identities[1].impu = "sip:chat-!.*!@example.org";
    draft.public_identities[1].type = IdentityType::kWildcardedPublicUserIdentity;
    draft.public_identities[1].service_profile = "gold";
    Store store(directory_.string());
    store.database().write([&] { store.administration().add(draft); });
  }
};

TEST_F(PreviewTest, ShowsAMatchedInstance) {
  const std::string wildcard = "<WildcardedIMPU>sip:chat-!.*!@example.org</WildcardedIMPU>";
  EXPECT_THAT(preview({"sip:chat-9@Example.org"}),
              AllOf(HasSubstr("<Identity>sip:chat-9@example.org</Identity>"), HasSubstr(wildcard)));
  EXPECT_THAT(preview({"sip:chat-!.*!@EXAMPLE.org"}),
              AllOf(HasSubstr("<Identity>sip:chat-!.*!@example.org</Identity>"), HasSubstr(wildcard)));
  EXPECT_THAT(preview({"sip:alice@example.org"}), HasSubstr("<Identity>sip:chat-!.*!@example.org</Identity>"));
}

TEST_F(PreviewTest, ShowsWhatEachKindOfScscfGets) {
  const std::string number = "<SharedIFCSetID>7</SharedIFCSetID>";
  const std::string alias = "<AliasIdentityGroupID>g1</AliasIdentityGroupID>";
  EXPECT_THAT(preview({"sip:alice@example.org"}),
              AllOf(HasSubstr(criteria(1, "as") + criteria(2, "mail")), Not(HasSubstr(number)), Not(HasSubstr(alias))));
  EXPECT_THAT(preview({"sip:alice@example.org", "--shared-ifc", "--alias"}),
              AllOf(HasSubstr(criteria(1, "as")), Not(HasSubstr("mail")), HasSubstr(number), HasSubstr(alias)));
}

TEST_F(PreviewTest, IsOfThePrivateIdentityThatIsRegistered) {
  EXPECT_THAT(preview({"sip:alice@example.org"}), HasSubstr("<PrivateID>phone@example.org</PrivateID>"));
  EXPECT_THAT(preview({"sip:alice@example.org", "--impi", "tablet@example.org"}),
              HasSubstr("<PrivateID>tablet@example.org</PrivateID>"));
  serve("sip:alice@example.org", RegistrationStatus::kRegistered, 1);
  EXPECT_THAT(preview({"sip:alice@example.org"}), HasSubstr("<PrivateID>tablet@example.org</PrivateID>"));
}

// ---- S-CSCFs that have a copy ---------------------------------------------------------------------------------------

TEST_F(ProfileTest, AChangeIsPushedToThoseWhoAreServed) {
  add("001010000000002", "491510000002");
  add("001010000000003", "491510000003");
  serve(kImsi);
  serve("001010000000002", RegistrationStatus::kUnregistered);
  const std::string before = done({"profile", "set", "gold", "-"}, profile(criteria(1, "as"))).out;
  EXPECT_EQ(before, "stored gold: 1 initial filter criteria\n");  // nobody has it
  EXPECT_EQ(done({"profile", "set", "default", "-"}, profile(criteria(1, "as"))).out,
            "stored default: 1 initial filter criteria\n"
            "2 S-CSCF copies will be updated: see 'hssctl push list'\n");
  const auto written = pushes();
  ASSERT_THAT(written, SizeIs(2));
  for (const Push& push : written) {
    EXPECT_EQ(push.kind, PushKind::kPushProfile);
    EXPECT_TRUE(push.user_data);
    EXPECT_FALSE(push.charging || push.sip_digest);
    EXPECT_EQ(push.server.diameter_host, "scscf.example.org");
    EXPECT_EQ(push.status, PushStatus::kWaiting);
  }
  EXPECT_THAT((std::vector{written[0].private_identity, written[1].private_identity}),
              ::testing::UnorderedElementsAre(kImsi + '@' + kDomain, "001010000000002@" + kDomain));
}

TEST_F(ProfileTest, AChangeThatNobodySeesIsNotPushed) {
  done({"profile", "set", "default", "-"}, profile(criteria(1, "as")));
  serve(kImsi);
  EXPECT_EQ(done({"profile", "set", "default", "-"}, "<!-- the same -->" + profile(criteria(1, "as"))).out,
            "stored default: 1 initial filter criteria\n");
  EXPECT_EQ(hssctl({"profile", "set", "default", "-"}, profile("<X/>")).code, 1);
  EXPECT_THAT(pushes(), SizeIs(0));
}

TEST_F(ProfileTest, AChangeNamesItsPushesInJson) {
  serve(kImsi);
  const std::string out = done({"profile", "set", "default", "-", "--json"}, profile(criteria(1, "as"))).out;
  EXPECT_THAT(out, StartsWith(R"({"name":"default","criteria":1,"shared_ifc_sets":[],"pushes":[{)"));
  EXPECT_THAT(out, HasSubstr(kImsi));
  EXPECT_THAT(pushes(), SizeIs(1));
}

TEST_F(ProfileTest, AChangeIsMadeAlsoWhenItsAnswerIsNotThereInTime) {
  serve(kImsi);
  const Outcome outcome = hssctl({"profile", "set", "default", "-", "--wait=0"}, profile(criteria(1, "as")));
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("stored default: 1 initial filter criteria\n"));
  EXPECT_THAT(outcome.err, HasSubstr("no answer yet"));
  EXPECT_EQ(done({"profile", "show", "default"}).out, profile(criteria(1, "as")) + "\n");
  EXPECT_THAT(pushes(), SizeIs(1));
}

TEST_F(ProfileTest, AnUnregisteredUserWithoutServicesLeavesTheScscf) {
  done({"profile", "set", "default", "--template", "volte", "--as", "sip:tas.example.org"});
  serve(kImsi, RegistrationStatus::kUnregistered);
  done({"profile", "set", "default", "--template", "sms-over-ip", "--as", "sip:gw.example.org"});
  const auto written = pushes();
  ASSERT_FALSE(written.empty());
  for (const Push& push : written) {
    EXPECT_EQ(push.kind, PushKind::kRegistrationTermination);
    EXPECT_EQ(push.reason, DeregistrationReason::kRemoveScscf);
  }
}

}  // namespace
}  // namespace hss::provisioning
