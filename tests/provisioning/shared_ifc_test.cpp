// The verbs on shared initial filter criteria, and what their change means for the profiles that use them.
// SPDX-License-Identifier: MIT
#include "profile_fixture.h"

namespace hss::provisioning {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class SharedIfcTest : public ProfileTest {
 protected:
  SharedIfcTest() {
    EXPECT_EQ(done({"shared-ifc", "set", "mail", "-", "--id", "7"}, text_).out,
              "stored mail, number 7: 1 initial filter criteria\n");
  }
  const std::string text_ = profile(criteria(10, "mail"));
};

TEST_F(SharedIfcTest, AreKeptAndShown) {
  done({"shared-ifc", "set", "first", file("f.xml", profile("")).string(), "--id=0"});
  EXPECT_EQ(done({"shared-ifc", "list"}).out, "0\tfirst\n7\tmail\n");
  EXPECT_EQ(done({"shared-ifc", "list", "--json"}).out, R"([{"id":0,"name":"first"},{"id":7,"name":"mail"}])"
                                                        "\n");
  EXPECT_EQ(done({"shared-ifc", "show", "mail"}).out, text_ + "\n");
  EXPECT_THAT(done({"shared-ifc", "show", "mail", "--json"}).out, HasSubstr(R"({"id":7,"name":"mail","xml":"<Serv)"));
  EXPECT_EQ(done({"shared-ifc", "set", "mail", "-", "--json"}, profile("")).out,
            R"({"id":7,"name":"mail","criteria":0,"pushes":[]})"
            "\n");
  EXPECT_EQ(done({"shared-ifc", "show", "mail"}).out, profile("") + "\n");
}

TEST_F(SharedIfcTest, AreRemovedWhenNobodyUsesThem) {
  done({"profile", "set", "gold", "-"}, profile(shared("7")));
  EXPECT_THAT(failed({"shared-ifc", "remove", "mail"}), HasSubstr("gold"));
  done({"profile", "remove", "gold"});
  EXPECT_EQ(done({"shared-ifc", "remove", "mail"}).out, "removed mail\n");
  EXPECT_EQ(done({"shared-ifc", "list"}).out, "");
  EXPECT_THAT(failed({"shared-ifc", "remove", "mail"}), HasSubstr("mail: no such shared set"));
  EXPECT_THAT(failed({"shared-ifc", "show", "mail"}), HasSubstr("mail: no such shared set"));
  done({"shared-ifc", "set", "mail", "-", "--id", "7"}, text_);
  EXPECT_EQ(done({"shared-ifc", "remove", "mail", "--json"}).out, "{\"removed\":\"mail\"}\n");
}

TEST_F(SharedIfcTest, AreRefusedAndKeepWhatWasThere) {
  const auto set = [](const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> all{"shared-ifc", "set", name, "-"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  EXPECT_THAT(failed(set("mail"), profile(shared("7"))), HasSubstr("unknown element Extension"));
  EXPECT_THAT(failed(set("mail"), "<x/>"), HasSubstr("it must be ServiceProfile"));
  EXPECT_THAT(failed(set("new"), text_, 2), HasSubstr("--id"));
  EXPECT_THAT(failed(set("new", {"--id", "x"}), text_, 2), HasSubstr("--id"));
  EXPECT_THAT(failed(set("new", {"--id", "2147483648"}), text_, 2), HasSubstr("--id"));
  EXPECT_THAT(failed(set("new", {"--id", "7"}), text_), HasSubstr("mail"));
  EXPECT_THAT(failed(set(" ", {"--id", "8"}), text_, 2), HasSubstr("the name is empty"));
  EXPECT_THAT(failed({"shared-ifc", "set", "mail", "/nonexistent.xml"}), HasSubstr("cannot be read"));
  // The profile that uses it would have one priority twice.
  done({"profile", "set", "gold", "-"}, profile(criteria(20, "as") + shared("7")));
  EXPECT_THAT(failed(set("mail"), profile(criteria(20, "mail"))), HasSubstr("priority 20 is used twice"));
  EXPECT_EQ(done({"shared-ifc", "show", "mail"}).out, text_ + "\n");
  EXPECT_EQ(done({"shared-ifc", "list"}).out, "7\tmail\n");
}

TEST_F(SharedIfcTest, AreInThePreviewAtOnce) {
  done({"profile", "set", "default", "-"}, profile(criteria(20, "as") + shared("7")));
  EXPECT_THAT(preview({kTel}), HasSubstr(criteria(10, "mail") + criteria(20, "as")));
  done({"shared-ifc", "set", "mail", "-"}, profile(criteria(30, "mail")));
  EXPECT_THAT(preview({kTel}), HasSubstr(criteria(20, "as") + criteria(30, "mail")));
}

TEST_F(SharedIfcTest, AChangeIsPushedToThoseWhoAreServed) {
  add("001010000000002", "491510000002");
  done({"profile", "set", "gold", "-"}, profile(shared("7")));
  done({"subscriber", "set", kImsi, "--profile", "gold"});
  serve(kImsi);
  serve("001010000000002");
  EXPECT_EQ(done({"shared-ifc", "set", "mail", "-"}, profile(criteria(30, "mail"))).out,
            "stored mail, number 7: 1 initial filter criteria\n"
            "1 S-CSCF copy will be updated: see 'hssctl push list'\n");
  const auto written = pushes();
  ASSERT_THAT(written, SizeIs(1));
  EXPECT_EQ(written[0].kind, PushKind::kPushProfile);
  EXPECT_EQ(written[0].private_identity, kImsi + '@' + kDomain);
  EXPECT_TRUE(written[0].user_data);
}

}  // namespace
}  // namespace hss::provisioning
