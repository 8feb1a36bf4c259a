// Wildcarded identities: which texts are one, in which form they are kept, what they match, and that no expression
// makes the matching run away.
// SPDX-License-Identifier: MIT
#include "hss/wildcard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hss {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Form {
  std::string typed;
  std::string text;
  std::size_t literal_octets;
};
void PrintTo(const Form& row, std::ostream* out) { *out << testing::PrintToString(row.typed); }

class WildcardForm : public testing::TestWithParam<Form> {};

TEST_P(WildcardForm, IsCanonicalOutsideOfTheExpression) {
  std::string why;
  const auto wildcard = WildcardedIdentity::parse(GetParam().typed, &why);
  ASSERT_TRUE(wildcard) << GetParam().typed << ": " << why;
  EXPECT_EQ(wildcard->text(), GetParam().text);
  EXPECT_EQ(wildcard->literal_octets(), GetParam().literal_octets);
  const auto again = WildcardedIdentity::parse(wildcard->text());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->text(), wildcard->text());
}

INSTANTIATE_TEST_SUITE_P(
    Ts23003, WildcardForm,
    testing::Values(Form{"sip:chatlist!.*!@example.com", "sip:chatlist!.*!@example.com", 24},
                    Form{"SIP:chat-!.*!@Example.COM:5060;user=phone?a=b", "sip:chat-!.*!@example.com", 21},
                    Form{"sips:%61!.*!%2f@[2001:DB8:0::1]", "sips:a!.*!%2F@[2001:db8::1]", 23},
                    Form{"sip:!.*!@example.com", "sip:!.*!@example.com", 16},
                    Form{"sip:!a@b|.*!@example.com", "sip:!a@b|.*!@example.com", 16},
                    Form{"tel:+1555!.*!", "tel:+1555!.*!", 9}, Form{"TEL:+1-(555).!.*!", "tel:+1555!.*!", 9},
                    Form{"tel:+1!.*!5-55;x=y", "tel:+1!.*!555", 9},
                    Form{"tel:!\\+1555[0-9]*!", "tel:!\\+1555[0-9]*!", 4},
                    Form{"tel:70!.*!;Phone-Context=Example.com", "tel:70!.*!;phone-context=example.com", 32},
                    Form{"tel:!.*!;phone-context=+1-5", "tel:!.*!;phone-context=+15", 22}));

struct Refused {
  std::string text;
  std::string why;
};
void PrintTo(const Refused& row, std::ostream* out) { *out << testing::PrintToString(row.text); }

class WildcardRefused : public testing::TestWithParam<Refused> {};

TEST_P(WildcardRefused, ForThisReason) {
  std::string why;
  EXPECT_FALSE(WildcardedIdentity::parse(GetParam().text, &why)) << GetParam().text;
  EXPECT_THAT(why, HasSubstr(GetParam().why)) << GetParam().text;
  EXPECT_THAT(why, Not(HasSubstr("\n")));
  EXPECT_FALSE(WildcardedIdentity::parse(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    Ts23003, WildcardRefused,
    testing::Values(
        Refused{"", "no expression between two '!'"}, Refused{"sip:a@example.com", "no expression between two '!'"},
        Refused{"sip:a!.*@example.com", "no expression between two '!'"},
        Refused{"sip:a!!@example.com", "nothing between the two '!'"},
        Refused{"sip:a!.*!b!.*!@example.com", "more than two '!'"},
        Refused{"sip:a!.*!%21@example.com", "no part of a SIP or tel URI"},
        Refused{"sip:a!" + std::string(257, 'a') + "!@example.com", "longer than 256 octets"},
        Refused{"sip:a!(!@example.com", "does not compile"}, Refused{"sip:a!a)|(b!@example.com", "does not compile"},
        Refused{"sip:a![!@example.com", "does not compile"}, Refused{"sip:a!*!@example.com", "does not compile"},
        // Not linear in general, and no extended regular expressions.
        Refused{"sip:a!(b)\\1!@example.com", "does not compile"},
        Refused{"sip:a!(?=b)c!@example.com", "does not compile"},
        Refused{"sip:a!\\d+!@example.com", "does not compile"},
        // More automaton than a matcher gets.
        Refused{"sip:a!((((a{99}){99}){99}){99})!@example.com", "does not compile"},
        Refused{"sip:a!x{1001}!@example.com", "does not compile"}, Refused{"sip:a!b c!@example.com", "a blank"},
        Refused{"sip:a!b\nc!@example.com", "a control character"}, Refused{"sip:a!^b!@example.com", "holds ^ or $"},
        Refused{"sip:a!b$!@example.com", "holds ^ or $"}, Refused{"sip:a!b\\\\$!@example.com", "holds ^ or $"},
        Refused{"sip:a@!.*!", "not in the user part"}, Refused{"sip:a@!.*!.example.com", "not in the user part"},
        Refused{"sip:!.*!.example.com", "not in the user part"},
        Refused{"mailto:a!.*!@example.com", "no part of a SIP"}, Refused{"!.*!@example.com", "no part of a SIP"},
        Refused{"sip:a b!.*!@example.com", "no part of a SIP"},
        Refused{"sip:a:secret!.*!@example.com", "no part of a SIP"}, Refused{"sip:a!.*!@", "no part of a SIP"},
        Refused{"tel:+1x!.*!", "no part of a SIP or tel URI"}, Refused{"tel:70!.*!", "no part of a SIP or tel URI"},
        Refused{"tel:70;phone-context=!.*!", "in a parameter"}));

struct Match {
  std::string wildcard;
  std::string identity;
  bool matches;
};
void PrintTo(const Match& row, std::ostream* out) {
  *out << testing::PrintToString(row.wildcard) << ' ' << testing::PrintToString(row.identity);
}

class WildcardMatch : public testing::TestWithParam<Match> {};

TEST_P(WildcardMatch, IsOfTheWholeIdentity) {
  const auto wildcard = WildcardedIdentity::parse(GetParam().wildcard);
  ASSERT_TRUE(wildcard) << GetParam().wildcard;
  EXPECT_EQ(wildcard->matches(GetParam().identity), GetParam().matches)
      << GetParam().wildcard << ' ' << GetParam().identity;
}

const std::string kChat = "sip:chat-!.*!@example.com";

INSTANTIATE_TEST_SUITE_P(
    Ts23003, WildcardMatch,
    testing::Values(
        Match{kChat, "sip:chat-1@example.com", true}, Match{kChat, "sip:chat-@example.com", true},
        Match{kChat, "sip:chat@example.com", false}, Match{kChat, "sip:Chat-1@example.com", false},
        Match{kChat, "sip:chat-1@example.com.evil.org", false}, Match{kChat, "xsip:chat-1@example.com", false},
        Match{kChat, "sips:chat-1@example.com", false}, Match{kChat, "sip:chat-1@exampleXcom", false},
        Match{kChat, "", false}, Match{kChat, "sip:chat-%C3%A4@example.com", true},
        // What is outside of the '!' is no expression.
        Match{"sip:c.t+!.*!@example.com", "sip:cat+1@example.com", false},
        Match{"sip:c.t+!.*!@example.com", "sip:c.t+1@example.com", true},
        // An alternative stays between its neighbours.
        Match{"sip:!a|b!@example.com", "sip:a@example.com", true}, Match{"sip:!a|b!@example.com", "sip:a", false},
        Match{"sip:!a|b!@example.com", "b@example.com", false},
        // Not the first alternative, but one that fits the whole.
        Match{"sip:!a|ab!@example.com", "sip:ab@example.com", true},
        Match{"tel:+1555![0-9]{7}!", "tel:+15550000001", true}, Match{"tel:+1555![0-9]{7}!", "tel:+1555000000", false},
        Match{"tel:+1555![0-9]{7}!", "tel:+155500000012", false}, Match{"tel:+1555!.*!", "tel:+1555", true},
        Match{"tel:!\\+1555[0-9]*!", "tel:+15559", true}, Match{"tel:!.*!;phone-context=x.org", "tel:70", false},
        Match{"tel:!.*!;phone-context=x.org", "tel:70;phone-context=x.org", true},
        Match{"sip:![[:alpha:]]+\\.x!@example.com", "sip:ab.x@example.com", true},
        Match{"sip:![[:alpha:]]+\\.x!@example.com", "sip:ab1x@example.com", false},
        Match{"sip:!a\\$!@example.com", "sip:a$@example.com", true}));

TEST(Wildcard, HasNoExpressionThatRunsAway) {
  const std::string subject = "sip:" + std::string(60000, 'a') + "@example.com";
  for (const std::string expression :
       {"(a*)*b", "(a|a)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)(.*)(.*)x", "(.*a){25}b", "((a?){20}a{20})*b"}) {
    const auto wildcard = WildcardedIdentity::parse("sip:!" + expression + "!@example.com");
    ASSERT_TRUE(wildcard) << expression;
    EXPECT_FALSE(wildcard->matches(subject)) << expression;
    // The same work, with another end.
    const auto other = WildcardedIdentity::parse("sip:!" + expression + "|a+!@example.com");
    ASSERT_TRUE(other) << expression;
    EXPECT_TRUE(other->matches(subject)) << expression;
  }
}

TEST(Wildcard, CopiesShareWhatWasCompiled) {
  auto first = WildcardedIdentity::parse(kChat);
  ASSERT_TRUE(first);
  const WildcardedIdentity copy = *first;
  EXPECT_EQ(&copy.text(), &first->text());
  first.reset();
  EXPECT_TRUE(copy.matches("sip:chat-1@example.com"));
}

}  // namespace
}  // namespace hss
