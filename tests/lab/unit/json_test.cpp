// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/lab/outputs.h"
#include "tests/lab/unit/sample_trace.h"

namespace hss::lab {
namespace {

using Json = nlohmann::ordered_json;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const std::vector<Event>& events, const OutputOptions& options = {}) {
  std::ostringstream out;
  const auto trace = make_json(out, options);
  for (const Event& event : events) trace->add(event);
  return out.str();
}

std::vector<Json> lines_of(const std::vector<Event>& events, const OutputOptions& options = {}) {
  std::istringstream text(text_of(events, options));
  std::vector<Json> out;
  for (std::string line; std::getline(text, line);) out.push_back(Json::parse(line));
  return out;
}

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> out;
  for (const auto& [key, value] : object.items()) out.push_back(key);
  return out;
}

const Json* member(const Json& avps, std::string_view name) {
  for (const Json& avp : avps) {
    if (avp["name"] == name) return &avp;
  }
  return nullptr;
}

TEST(JsonLines, AreOneObjectAnEventWithOneSchema) {
  const std::vector<Event> events = sample::registration();
  const std::vector<Json> lines = lines_of(events);
  ASSERT_EQ(lines.size(), events.size());
  for (const Json& line : lines) {
    EXPECT_THAT(keys_of(line), testing::ElementsAre("at", "from", "to", "kind", "title", "result", "details", "avps"));
    for (const Json& avp : line["avps"]) {
      EXPECT_THAT(keys_of(avp), testing::ElementsAre("name", "value", "members"));
    }
  }
}

TEST(JsonLines, SayWhoAndWhat) {
  const std::vector<Json> lines = lines_of(sample::registration());
  EXPECT_EQ(lines[1]["at"], "2026-11-21T09:15:00.003000Z");
  EXPECT_EQ(lines[1]["from"], "HSS");
  EXPECT_EQ(lines[1]["to"], "I-CSCF");
  EXPECT_EQ(lines[1]["kind"], "diameter");
  EXPECT_EQ(lines[1]["title"], "UAA");
  EXPECT_EQ(lines[1]["result"], "DIAMETER_FIRST_REGISTRATION (3GPP 2001)");
  EXPECT_EQ(lines[4]["kind"], "sip");
  EXPECT_EQ(lines[5]["kind"], "note");
  EXPECT_EQ(lines[5]["to"], "UE");
  EXPECT_EQ(lines[5]["details"]["SQN"], "000000000020");
  EXPECT_EQ(lines[6]["kind"], "problem");
}

TEST(JsonLines, HoldAllAvpsAsATree) {
  const std::vector<Json> lines = lines_of({sample::sent(0, Party::kHss, Party::kScscf, sample::maa())});
  const Json& avps = lines.at(0)["avps"];
  EXPECT_EQ((*member(avps, "Session-Id"))["value"], "scscf.example.org;1;2");
  const Json* item = member(avps, "SIP-Auth-Data-Item");
  ASSERT_NE(item, nullptr);
  EXPECT_EQ((*item)["members"].size(), 6U);
  EXPECT_EQ((*member((*item)["members"], "SIP-Authenticate"))["value"],
            std::string(sample::kRand) + std::string(sample::kAutn));
  EXPECT_EQ((*member((*item)["members"], "Integrity-Key"))["value"], "(16 octets, hidden)");
  EXPECT_EQ(avps.back(), *item) << "the group's members are not beside it";
}

TEST(JsonLines, ShowSecretsOnlyWhenTheyAreAskedFor) {
  const std::string hidden = text_of(sample::registration());
  const std::string shown = text_of(sample::registration(), {.show_secrets = true});
  for (const std::string_view secret : {sample::kXres, sample::kCk, sample::kIk}) {
    EXPECT_THAT(hidden, Not(HasSubstr(std::string(secret))));
    EXPECT_THAT(shown, HasSubstr(std::string(secret)));
  }
}

TEST(JsonLines, CountTimeFromTheFirstEventForTranscripts) {
  const std::vector<Json> lines = lines_of(sample::registration(), {.fixed_time = true});
  EXPECT_EQ(lines.front()["at"], "0.000000");
  EXPECT_EQ(lines[1]["at"], "0.003000");
}

TEST(JsonLines, CarryHostileTextAndRepeatedNames) {
  const std::vector<Json> lines =
      lines_of({sample::plain(0, Event::Kind::kNote, Party::kUe, Party::kUe, "\"\\\xff\x1b",
                              {{"key", "one"}, {"key", "two"}, {"octets", std::string(80, 'a')}})});
  EXPECT_EQ(lines.at(0)["title"], "\"\\\\xff\\x1b");
  EXPECT_EQ(lines.at(0)["details"]["key"], "one\ntwo");
  EXPECT_EQ(lines.at(0)["details"]["octets"], std::string(80, 'a')) << "programs get whole values";
}

TEST(JsonLines, SayWhatIsWrongWithOctetsThatAreNoMessage) {
  Event event = sample::sent(0, Party::kHss, Party::kScscf, sample::maa());
  event.octets.resize(19);
  const std::vector<Json> lines = lines_of({event});
  EXPECT_TRUE(lines.at(0)["avps"].empty());
  EXPECT_EQ(lines.at(0)["details"].count("no Diameter message"), 1U);
}

}  // namespace
}  // namespace hss::lab
