// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <pugixml.hpp>

#include "tests/lab/outputs.h"
#include "tests/lab/unit/sample_trace.h"

namespace hss::lab {
namespace {

using testing::HasSubstr;
using testing::Not;

class Page : public testing::Test {
 protected:
  ~Page() override { std::remove(file_.c_str()); }

  std::string page(const std::vector<Event>& events, const OutputOptions& options = {}, std::string title = "a run") {
    const auto trace = make_html(file_, std::move(title), options);
    for (const Event& event : events) trace->add(event);
    trace->finish();
    return sample::content_of(file_);
  }

  mode_t mode() {
    struct stat status {};
    EXPECT_EQ(::stat(file_.c_str(), &status), 0);
    return status.st_mode & 0777U;
  }

  /// The page is XML too: a tag that hostile text opens or closes would show here.
  static void parse(const std::string& text, pugi::xml_document& document) {
    const auto result = document.load_buffer(text.data(), text.size());
    ASSERT_TRUE(result) << result.description() << " at " << text.substr(static_cast<std::size_t>(result.offset), 80);
  }

  std::string file_ = sample::temporary("page.html");
};

TEST_F(Page, HasAnArrowOrBoxForEveryEventAndItsParties) {
  const std::string text = page(sample::registration());
  pugi::xml_document document;
  parse(text, document);
  EXPECT_EQ(document.select_nodes("//*[starts-with(@id,'event-')]").size(), sample::registration().size());
  EXPECT_EQ(document.select_nodes("//details").size(), 7U);
  std::vector<std::string> parties;
  for (const auto& node : document.select_nodes("//div[@class='grid head']/b")) {
    parties.emplace_back(node.node().child_value());
  }
  EXPECT_THAT(parties, testing::ElementsAre("UE", "P-CSCF", "I-CSCF", "S-CSCF", "HSS"));
  // I-CSCF to HSS: from the third lifeline to the fifth, and back.
  EXPECT_STREQ(
      document.select_node("//*[@id='event-1']//*[contains(@class,'arrow')]").node().attribute("style").value(),
      "grid-column:7/11");
  EXPECT_STREQ(
      document.select_node("//*[@id='event-2']//*[contains(@class,'arrow')]").node().attribute("class").value(),
      "arrow left");
}

TEST_F(Page, HoldsTheWholeTreeOfAMessage) {
  pugi::xml_document document;
  parse(page({sample::sent(0, Party::kHss, Party::kScscf, sample::maa())}), document);
  const auto rows = document.select_nodes("//table[@class='avps']//tr");
  ASSERT_EQ(rows.size(), 4U + 3U + 6U);
  EXPECT_STREQ(rows[7].node().first_child().child_value(), "SIP-Item-Number");
  EXPECT_STREQ(rows[7].node().first_child().attribute("style").value(), "--depth:1");
  EXPECT_STREQ(rows[10].node().last_child().child_value(), "(8 octets, hidden)");
}

TEST_F(Page, ListsProblemsFirst) {
  pugi::xml_document document;
  parse(page(sample::registration()), document);
  const auto link = document.select_node("//ul[@class='problems']//a").node();
  EXPECT_STREQ(link.child_value(), "UE: the digest is wrong");
  EXPECT_STREQ(link.attribute("href").value(), "#event-7");
  EXPECT_TRUE(document.select_node("//*[@id='event-7' and @class='event bad']"));
}

TEST_F(Page, TakesHostileTextAsText) {
  const std::string hostile = "</td></table><script>alert('1')</script><img src=\"http://example.org/\">&amp;\x1b\xff";
  Message answer = sample::answer(command::kMultimediaAuth, {0, 5012}, {text_avp(avp::kErrorMessage, hostile)});
  const std::string text =
      page({sample::sent(0, Party::kHss, Party::kScscf, answer),
            sample::plain(1, Event::Kind::kProblem, Party::kUe, Party::kUe, hostile, {{hostile, hostile}})},
           {}, hostile);
  pugi::xml_document document;
  parse(text, document);
  EXPECT_FALSE(document.select_node("//script | //img"));
  EXPECT_STREQ(document.select_node("//h1").node().child_value(),
               "</td></table><script>alert('1')</script><img src=\"http://example.org/\">&amp;\\x1b\\xff");
}

TEST_F(Page, NeedsNothingFromOutside) {
  const std::string text = page(sample::registration());
  pugi::xml_document document;
  parse(text, document);
  EXPECT_FALSE(document.select_node("//script | //link | //img | //iframe | //@src"));
  EXPECT_THAT(text, Not(HasSubstr("url(")));
  EXPECT_THAT(text, Not(HasSubstr("@import")));
  EXPECT_THAT(text, HasSubstr("default-src 'none'"));
  EXPECT_THAT(text, HasSubstr("prefers-color-scheme:dark"));
}

TEST_F(Page, ShowsSecretsOnlyWhenTheyAreAskedFor) {
  const std::string hidden = page(sample::registration());
  EXPECT_EQ(mode() & 0077U & ~0044U, 0U);
  const std::string shown = page(sample::registration(), {.show_secrets = true});
  EXPECT_EQ(mode(), 0600U);
  for (const std::string_view secret : {sample::kXres, sample::kCk, sample::kIk}) {
    EXPECT_THAT(hidden, Not(HasSubstr(std::string(secret))));
    EXPECT_THAT(shown, HasSubstr(std::string(secret)));
  }
}

TEST_F(Page, IsWrittenForARunWithoutEvents) {
  pugi::xml_document document;
  parse(page({}), document);
  EXPECT_STREQ(document.select_node("//header/p").node().child_value(), "Nothing happened.");
}

TEST_F(Page, SaysWhenThereIsMoreThanItShows) {
  const std::vector<Event> events(5003, sample::plain(0, Event::Kind::kNote, Party::kUe, Party::kUe, "n"));
  EXPECT_THAT(page(events), HasSubstr("Only the first 5000 of 5003 events are here."));
}

TEST_F(Page, IsTheSameInEveryRunWithFixedTimes) {
  std::vector<Event> later = sample::registration();
  for (Event& event : later) event.at += std::chrono::hours(5);
  EXPECT_EQ(page(sample::registration(), {.fixed_time = true}), page(later, {.fixed_time = true}));
}

TEST_F(Page, SaysWhyItCannotBeWritten) {
  file_ = sample::temporary("no-such-folder") + "/page.html";
  try {
    page(sample::registration());
    FAIL() << "written";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()), "cannot write " + file_ + ": No such file or directory");
  }
}

TEST_F(Page, ReplacesWhatWasThere) {
  std::ofstream(file_) << std::string(1'000'000, 'x');
  EXPECT_THAT(page(sample::registration()), testing::AllOf(testing::StartsWith("<!DOCTYPE"), testing::EndsWith(">\n")));
}

}  // namespace
}  // namespace hss::lab
