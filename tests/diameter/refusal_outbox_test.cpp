// Answers are written many at a time, and none is forgotten.
// SPDX-License-Identifier: MIT
#include "diameter/refusal_outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hss::diameter::test {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Optional;

RefusalOutbox::Octets octets(const std::string& text) { return {text.begin(), text.end()}; }

class RefusalOutboxTest : public testing::Test {
 protected:
  void put(const std::string& answers, const std::string& request, std::size_t begin) {
    outbox_.put(octets(answers), octets(request), begin, answers.size(), now_);
  }
  RefusalOutbox::Octets take_after(int time) { return outbox_.take(now_ + milliseconds(time)); }
  auto courier_after(int time) { return outbox_.courier(now_ + milliseconds(time)); }

  RefusalOutbox outbox_;
  const RefusalOutbox::Clock::time_point now_ = RefusalOutbox::Clock::now();
};

TEST_F(RefusalOutboxTest, AFewWaitForMore) {
  EXPECT_THAT(take_after(0), IsEmpty());
  put("one", "first", 0);
  EXPECT_THAT(take_after(1), IsEmpty());
  put("two", "second", 0);
  EXPECT_THAT(take_after(2), ElementsAreArray(octets("onetwo")));
  EXPECT_THAT(take_after(2), IsEmpty());
}

TEST_F(RefusalOutboxTest, ManyDoNot) {
  const std::string many(8192, 'x');
  put(many, "first", 0);
  EXPECT_FALSE(outbox_.is_full());
  EXPECT_THAT(take_after(0), ElementsAreArray(octets(many)));
  for (int i = 0; i < 8; ++i) put(many, "first", 0);
  EXPECT_TRUE(outbox_.is_full());
  EXPECT_EQ(take_after(0).size(), 65536U);
  EXPECT_FALSE(outbox_.is_full());
}

TEST_F(RefusalOutboxTest, TheCourierCarriesOneAndFetchesTheRest) {
  EXPECT_EQ(courier_after(0), std::nullopt);
  put("one", "first", 0);
  put("twothree", "third", 3);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("first"))));
  EXPECT_EQ(courier_after(0), std::nullopt);
  put("four", "fourth", 0);
  EXPECT_EQ(courier_after(0), std::nullopt) << "it is on its way";
  EXPECT_THAT(take_after(0), ElementsAreArray(octets("twothreefour")));
  EXPECT_EQ(courier_after(0), std::nullopt);
  put("fivesix", "sixth", 4);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("sixth"))));
  EXPECT_THAT(take_after(0), ElementsAreArray(octets("five")));
}

TEST_F(RefusalOutboxTest, ACourierThatTakesTheOnlyOne) {
  put("one", "first", 0);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("first"))));
  EXPECT_THAT(take_after(0), IsEmpty());
  put("two", "second", 0);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("second"))));
}

TEST_F(RefusalOutboxTest, ACourierThatIsLost) {
  put("onetwo", "second", 3);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("second"))));
  put("three", "third", 0);
  EXPECT_EQ(courier_after(199), std::nullopt);
  EXPECT_THAT(courier_after(200), Optional(ElementsAreArray(octets("third"))));
  EXPECT_THAT(take_after(200), ElementsAreArray(octets("one")));
}

TEST_F(RefusalOutboxTest, ACourierThatCannotBeSentComesBack) {
  put("onetwo", "second", 3);
  EXPECT_THAT(courier_after(0), Optional(ElementsAreArray(octets("second"))));
  put("two", "second", 0);
  EXPECT_THAT(take_after(0), ElementsAreArray(octets("onetwo")));
}

}  // namespace
}  // namespace hss::diameter::test
