// Access over non-3GPP networks as it is administered: APN templates, what replacing a subscription keeps and ends, who
// is registered on SWx.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "tests/db/administration_fixture.h"

namespace hss::db::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Non3gppAdministrationTest : public AdministrationTest {
 protected:
  void save(std::string_view name, const ApnConfiguration& configuration) {
    database_->write([&] { administration_.save_apn(name, configuration); });
  }
  std::string refused(std::string_view name, const ApnConfiguration& configuration) {
    return error_of<std::runtime_error>([&] { save(name, configuration); });
  }
  ApnConfiguration stored(std::string_view name) {
    ApnConfiguration found;
    database_->read([&] { found = administration_.apn(name).value(); });
    return found;
  }
  bool remove_apn(std::string_view name) {
    bool removed = false;
    database_->write([&] { removed = administration_.remove_apn(name); });
    return removed;
  }
  std::vector<SubscriptionId> registered_with(std::string_view name) {
    std::vector<SubscriptionId> ids;
    database_->read([&] { ids = administration_.registered_with_apn(name); });
    return ids;
  }
  std::vector<SubscriptionId> registered(std::string_view host, SubscriptionId after = 0, std::size_t limit = 100) {
    std::vector<SubscriptionId> ids;
    database_->read([&] { ids = administration_.registered_on_swx(host, after, limit); });
    return ids;
  }
  PushId push(SubscriptionId about, Application application) {
    PushId id = 0;
    database_->write([&] {
      Push push;
      push.application = application;
      push.server = {"", "aaa.test", "test"};
      push.subscription = about;
      id = repository_.add_push(push);
    });
    return id;
  }
  SubscriptionId about(PushId id) {
    SubscriptionId subscription = -1;
    database_->read([&] { subscription = repository_.push(id).value().subscription; });
    return subscription;
  }
};

TEST_F(Non3gppAdministrationTest, ANewStoreHasTheApnOfVoice) {
  TemporaryDirectory directory;
  Database fresh(directory / "hss.db", Database::Open::kCreate);
  Administration administration(fresh, vault_);
  fresh.read([&] {
    const auto apns = administration.apns();
    ASSERT_EQ(apns.size(), 1U);
    EXPECT_EQ(apns[0].name, "ims");
    EXPECT_TRUE(apns[0].configuration == apn_templates()[2].configuration);
  });
}

TEST_F(Non3gppAdministrationTest, TemplatesAreReadBack) {
  database_->read([&] {
    const auto found = administration_.apns();
    const auto expected = apn_templates();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(found[i].name, expected[i].name);
      EXPECT_TRUE(found[i].configuration == expected[i].configuration) << expected[i].name;
      EXPECT_TRUE(administration_.apn(expected[i].name) == expected[i].configuration);
    }
    EXPECT_FALSE(administration_.apn("IMS").has_value());
  });
  // Every field of one that is there already is another.
  ApnConfiguration changed = apn_templates()[0].configuration;
  changed.name = "changed";
  changed.context_identifier = 8;
  save("gold", changed);
  EXPECT_TRUE(stored("gold") == changed);
  EXPECT_EQ(query("SELECT count(*) FROM apn"), 3);
}

TEST_F(Non3gppAdministrationTest, ATemplateThatContradictsItselfIsRefused) {
  std::vector<ApnConfiguration> wrong(12, apn_templates()[1].configuration);
  wrong[0].context_identifier = 0;
  wrong[1].name = "";
  wrong[2].name = "Internet";
  wrong[3].name = "internet.mnc001.mcc001.gprs";
  wrong[4].qci = 0;
  wrong[5].qci = 255;
  wrong[6].priority.level = 0;
  wrong[7].priority.level = 16;
  wrong[8].charging_characteristics = "08G0";
  wrong[9].charging_characteristics = "08000";
  wrong[10].gateway.host = "";
  wrong[11].gateway.realm = "";
  for (const auto& configuration : wrong) EXPECT_THROW(save("gold", configuration), std::invalid_argument);
  EXPECT_TRUE(stored("gold") == apn_templates()[1].configuration);
}

TEST_F(Non3gppAdministrationTest, AContextIdentifierBelongsToOneTemplate) {
  ApnConfiguration second = stored("ims");
  EXPECT_THAT(refused("second", second), HasSubstr("Context-Identifier 1 belongs to the APN \"ims\""));
  EXPECT_THAT(refused("any", second), HasSubstr("\"ims\""));
  second.context_identifier = 2;
  save("second", second);  // of the same network: users have the one or the other
  second.context_identifier = 1;
  EXPECT_THAT(refused("second", second), HasSubstr("\"ims\""));
}

TEST_F(Non3gppAdministrationTest, AnUnknownApnIsRefusedByName) {
  SubscriptionDraft draft = usual_draft(1);
  draft.non_3gpp->apns.push_back({.name = "nowhere"});
  EXPECT_THAT(error_of<UnknownApn>([&] { add(draft); }), HasSubstr("\"nowhere\""));
  database_->read([&] { EXPECT_EQ(administration_.count(), 0U); });
  const SubscriptionId id = add(usual_draft(1));
  EXPECT_THROW(replace(id, draft), UnknownApn);
  expect_same(read(id).draft, usual_draft(1));
}

TEST_F(Non3gppAdministrationTest, ASubscriberHasANetworkOnce) {
  ApnConfiguration second = stored("ims");
  second.context_identifier = 2;
  save("second", second);
  ApnConfiguration third = second;
  third.context_identifier = 3;
  third.name = "third";
  save("third", third);
  SubscriptionDraft draft = usual_draft(1);
  draft.non_3gpp->apns.push_back({.name = "second"});
  EXPECT_THAT(error_of<std::invalid_argument>([&] { add(draft); }),
              testing::AllOf(HasSubstr("\"ims\" and \"second\""), HasSubstr("network ims")));

  // A template cannot become the network of another one that somebody has beside it, wherever either stands.
  third.name = "ims";
  const std::vector<std::vector<Non3gppDraft::Apn>> both{{{.name = "ims"}, {.name = "third"}},
                                                         {{.name = "third"}, {.name = "ims"}},
                                                         {{.name = "any"}, {.name = "ims"}, {.name = "third"}}};
  for (const auto& apns : both) {
    draft.non_3gpp->apns = apns;
    const SubscriptionId id = add(draft);
    EXPECT_THAT(refused("third", third), testing::AllOf(HasSubstr("\"third\""), HasSubstr("\"ims\"")));
    remove(id);
  }
  draft.non_3gpp->apns = {{.name = "ims"}};
  add(draft);
  draft = usual_draft(2);
  draft.non_3gpp->apns = {{.name = "third"}};
  add(draft);
  save("third", third);
  EXPECT_EQ(stored("third").name, "ims");
}

TEST_F(Non3gppAdministrationTest, ATemplateInUseIsNotRemoved) {
  SubscriptionDraft draft = usual_draft(1);
  draft.non_3gpp->apns.push_back({.name = "any"});
  const SubscriptionId id = add(draft);
  for (const char* name : {"ims", "any"}) {
    EXPECT_THAT(error_of<std::runtime_error>([&] { remove_apn(name); }),
                testing::AllOf(HasSubstr(name), HasSubstr("in use")));
  }
  EXPECT_TRUE(remove_apn("gold"));
  EXPECT_FALSE(remove_apn("gold"));
  remove(id);
  EXPECT_TRUE(remove_apn("ims"));
  EXPECT_TRUE(remove_apn("any"));
  EXPECT_EQ(query("SELECT count(*) FROM apn"), 0);
}

TEST_F(Non3gppAdministrationTest, ConnectionsFollowTheirTemplate) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  EXPECT_THAT(connections(id), ElementsAre("ims", "internet.example", "whatever"));
  ApnConfiguration any = stored("any");
  any.context_identifier = 8;
  save("any", any);
  EXPECT_EQ(read(id).non_3gpp.active_apns[2].context_identifier, 8U);
  ApnConfiguration gold = stored("gold");
  gold.qci = 9;
  save("gold", gold);
  EXPECT_EQ(connections(id).size(), 3U);
  gold.name = "elsewhere";
  save("gold", gold);
  EXPECT_THAT(connections(id), ElementsAre("ims", "whatever")) << "nobody is in the new network yet";
  any.name = "whatever";
  save("any", any);
  EXPECT_THAT(connections(id), ElementsAre("ims", "whatever"));
  any.name = "*";
  save("any", any);
  EXPECT_THAT(connections(id), ElementsAre("ims", "whatever"));
}

TEST_F(Non3gppAdministrationTest, ReplacingKeepsTheStateOfWhatStays) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  SubscriptionDraft draft = read(id).draft;
  draft.non_3gpp->access_allowed = true;
  draft.non_3gpp->visited_networks.clear();
  draft.non_3gpp->forbidden_rat_types.clear();
  draft.non_3gpp->session_timeout.reset();
  draft.non_3gpp->ambr.reset();
  draft.non_3gpp->charging_characteristics.clear();
  draft.non_3gpp->apns = {{.name = "any", .ipv4 = Octets<4>{10, 9, 8, 7}}, {.name = "gold"}};
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_THAT(connections(id), ElementsAre("internet.example", "whatever"));
  EXPECT_TRUE(read(id).non_3gpp.registered);
  draft.non_3gpp->apns[0].ipv4.reset();
  draft.imsi = rich_draft().imsi;
  draft.usim.reset();
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_EQ(query("SELECT count(*) FROM non_3gpp_apn"), 1) << "a default APN without addresses costs no row";
  EXPECT_EQ(connections(id).size(), 2U);
}

TEST_F(Non3gppAdministrationTest, ReplacingWithoutAccessKeepsWhoHasTheUser) {
  const SubscriptionId id = add(usual_draft(1));
  use(id);
  const PushId termination = push(id, Application::kSwx);
  SubscriptionDraft draft = read(id).draft;
  draft.non_3gpp.reset();
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_EQ(query("SELECT count(*) FROM non_3gpp"), 0);
  EXPECT_EQ(read(id).non_3gpp.server, (AaaServer{"aaa.test", "test"})) << "the answer to an RTR ends it";
  EXPECT_THAT(connections(id), ElementsAre("ims"));
  EXPECT_EQ(about(termination), id);
}

TEST_F(Non3gppAdministrationTest, ATemplateTakesItsConnectionsAlong) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  SubscriptionDraft draft = read(id).draft;
  draft.non_3gpp.reset();
  replace(id, draft);
  EXPECT_TRUE(remove_apn("any"));
  ApnConfiguration another = apn_templates()[0].configuration;
  another.name = "another";
  save("another", another);  // under the number of the one that is gone
  EXPECT_THAT(connections(id), ElementsAre("ims", "internet.example"));
}

TEST_F(Non3gppAdministrationTest, AnotherImsiIsAnotherUser) {
  for (const bool none : {false, true}) {
    const SubscriptionId id = add(usual_draft(1));
    use(id);
    const PushId on_swx = push(id, Application::kSwx);
    const PushId on_cx = push(id, Application::kCx);
    SubscriptionDraft draft = read(id).draft;
    draft.imsi = none ? "" : "262020000000001";
    if (none) draft.non_3gpp.reset();
    replace(id, draft);
    expect_same(read(id).draft, draft);
    EXPECT_TRUE(read(id).non_3gpp == Non3gppRegistration{});
    EXPECT_EQ(query("SELECT count(*) FROM active_apn"), 0);
    EXPECT_EQ(about(on_swx), 0);
    EXPECT_EQ(about(on_cx), id);
    EXPECT_EQ(read(id).states.size(), 1U) << "and the same one on Cx";
    remove(id);
  }
}

TEST_F(Non3gppAdministrationTest, RemovingASubscriptionMakesItsPushesNobodys) {
  const SubscriptionId id = add(rich_draft());
  use(id);
  const PushId termination = push(id, Application::kSwx);
  EXPECT_TRUE(remove(id));
  EXPECT_EQ(about(termination), 0);
  for (const char* table : {"non_3gpp", "non_3gpp_apn", "non_3gpp_registration", "active_apn"}) {
    EXPECT_EQ(query(std::string("SELECT count(*) FROM ") + table), 0) << table;
  }
}

TEST_F(Non3gppAdministrationTest, TheUsimMayBeItsOwnKeySet) {
  SubscriptionDraft draft = usual_draft(1);
  draft.key_sets.push_back({.k = key(0x71), .opc = key(0x72), .seq = 9});
  draft.usim = 1;
  const SubscriptionId id = add(draft);
  expect_same(read(id).draft, draft);
  draft.usim.reset();
  EXPECT_THROW(replace(id, draft), std::invalid_argument) << "nobody uses it then";
  draft.key_sets.pop_back();
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_EQ(query("SELECT count(*) FROM key_set"), 1);
  draft.usim = 0;
  replace(id, draft);
  expect_same(read(id).draft, draft);
  EXPECT_TRUE(remove(id));
}

TEST_F(Non3gppAdministrationTest, ListsWhoIsRegistered) {
  std::vector<SubscriptionId> ids;
  for (unsigned i = 0; i < 4; ++i) {
    ids.push_back(add(usual_draft(i)));
    use(ids.back());
  }
  ids.push_back(add(rich_draft()));
  use(ids.back());
  database_->write([&] {
    repository_.save_non_3gpp_registration(ids[0], {});
    Non3gppRegistration pending{.server = AaaServer{"aaa.test", "test"}, .registered = false, .pending_until = 5};
    repository_.save_non_3gpp_registration(ids[1], pending);
    Non3gppRegistration elsewhere{.server = AaaServer{"AAA2.test", "test"}, .registered = true};
    repository_.save_non_3gpp_registration(ids[2], elsewhere);
  });
  EXPECT_THAT(registered(""), ElementsAre(ids[2], ids[3], ids[4]));
  EXPECT_THAT(registered("Aaa.Test"), ElementsAre(ids[3], ids[4]));
  EXPECT_THAT(registered("aaa2.test"), ElementsAre(ids[2]));
  EXPECT_THAT(registered("aaa3.test"), IsEmpty());
  EXPECT_THAT(registered("", ids[2], 1), ElementsAre(ids[3]));
  EXPECT_THAT(registered("", ids[4]), IsEmpty());
  EXPECT_THAT(registered_with("ims"), ElementsAre(ids[2], ids[3], ids[4]));
  EXPECT_THAT(registered_with("gold"), ElementsAre(ids[4])) << "its default";
  EXPECT_THAT(registered_with("any"), ElementsAre(ids[4]));
  EXPECT_THAT(registered_with("nowhere"), IsEmpty());
}

}  // namespace
}  // namespace hss::db::test
