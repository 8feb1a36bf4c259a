// What is in the items of Multimedia-Auth on SWx: as many as asked for, with keys that the card has too, bound to the
// access network for EAP-AKA', and an AMF as each scheme needs it.
// SPDX-License-Identifier: MIT
#include "hss/cx/multimedia_auth.h"
#include "hss/eap_aka_prime.h"
#include "hss/sqn.h"
#include "tests/hss/swx/multimedia_auth_world.h"
#include "tests/support/csv.h"

namespace hss::swx::test {
namespace {

using hss::test::UsimModel;

MultimediaAuthAnswer ask(World& world, const MultimediaAuthRequest& request) {
  return multimedia_auth(request, world.repository, world.context());
}

// ---- The published vectors, through the whole procedure -------------------------------------------------------------

/// Gives out the RAND of a published vector.
class GivenRandom final : public RandomSource {
 public:
  explicit GivenRandom(const Octets<16>& octets) : octets_(octets) {}
  void fill(std::span<std::uint8_t> out) override { std::copy_n(octets_.begin(), out.size(), out.begin()); }

 private:
  Octets<16> octets_;
};

struct Card {
  KeySet key_set;
  Sqn sqn = 0;
};

/// Rows 1 and 2 were made with the card of TS 35.208 test set 19.
Card card_of_set_19() {
  Card card;
  card.key_set.k = Secret<16>(from_hex_exact<16>("5122250214c33e723a5dd523fc145fc0").value());
  card.key_set.opc = Secret<16>(from_hex_exact<16>("981d464c7c52eb6e5036234984ad0bcf").value());
  card.key_set.amf = {0xc3, 0xab};
  card.sqn = 0x16f3b3f70fc2;
  return card;
}

/// Rows 3 and 4 are of no card ("a0a0...", "c0c0..."). The constants c1 to c4 of this one were chosen, by running
/// Milenage backwards, so that it computes MAC-A, AK, RES, CK and IK of these rows.
Card made_up_card() {
  Card card;
  card.key_set.k = Secret<16>(from_hex_exact<16>("000102030405060708090a0b0c0d0e0f").value());
  card.key_set.opc = Secret<16>(from_hex_exact<16>("101112131415161718191a1b1c1d1e1f").value());
  auto& c = card.key_set.parameters.milenage.c;
  c[0] = from_hex_exact<16>("292bab8d58fe6f32f0f732d4799bfdb6").value();
  c[1] = from_hex_exact<16>("8f20e11551a9776361e77771d7418a82").value();
  c[2] = from_hex_exact<16>("479856d31e0d028467ce32edbdc6e4a8").value();
  c[3] = from_hex_exact<16>("a380e90b4cc2ac2fc05985c70c508d52").value();
  card.key_set.amf = {0xa0, 0xa0};
  card.sqn = 0x42;
  return card;
}

Card card_of(const hss::test::CsvRow& row) {
  const bool made_up = row.text("case") == "3" || row.text("case") == "4";
  Card card = made_up ? made_up_card() : card_of_set_19();
  card.key_set.id = kPlain;
  return card;
}

std::vector<hss::test::CsvRow> rows() { return hss::test::read_csv(MINIHSS_TEST_DATA "/eap-aka-prime.csv"); }

/// A row, and whether the key set was provisioned with the AMF separation bit.
class SwxPublishedVectors : public testing::TestWithParam<std::tuple<hss::test::CsvRow, bool>> {};

TEST_P(SwxPublishedVectors, AreWhatTheProcedureAnswers) {
  const auto& [row, separated] = GetParam();
  Card card = card_of(row);
  if (!separated) card.key_set.amf[0] &= 0x7F;
  World world;
  world.repository.add(card.key_set, {.seq = seq_of(card.sqn, card.key_set.ind_bits) - 1, .issued = {}});
  const auto ind = static_cast<unsigned>(card.sqn % 32);
  world.settings.sqn.swx = {ind, ind};
  world.subscription(kPlain).imsi = row.text("identity").substr(1);
  GivenRandom random(row.octets<16>("RAND"));
  auto request = prime_request_of(kPlain);
  request.user_name = "6" + row.text("identity").substr(1) + "@wlan.mnc444.mcc555.3gppnetwork.org";
  request.anid = row.text("network_name");

  const auto answer = multimedia_auth(request, world.repository, Context{world.settings, kNow, random});

  ASSERT_EQ(answer.items.size(), 1U);
  const AkaVector& vector = answer.items[0].vector;
  EXPECT_EQ(to_hex(vector.rand), row.text("RAND"));
  EXPECT_EQ(to_hex(vector.autn), row.text("AUTN")) << "the bit is set, and MAC-A made with it";
  EXPECT_EQ(to_hex(vector.xres.reveal()), row.text("RES").substr(0, 16)) << "Milenage: 8 octets";
  EXPECT_TRUE(vector.ck.equals(Secret<16>(row.octets<16>("CK_prime"))));
  EXPECT_TRUE(vector.ik.equals(Secret<16>(row.octets<16>("IK_prime"))));
}

INSTANTIATE_TEST_SUITE_P(Rfc9048, SwxPublishedVectors,
                         testing::Combine(testing::ValuesIn(rows()), testing::Values(true, false)));

TEST(SwxPublishedVectorsTest, AreAllThere) { EXPECT_EQ(rows().size(), 4U); }

// ---- AMF and keys ---------------------------------------------------------------------------------------------------

struct AmfRow {
  const char* clause;
  Octets<2> provisioned;
  bool prime;
  Octets<2> expected;
};
void PrintTo(const AmfRow& row, std::ostream* out) { *out << row.clause; }

class SwxAmf : public testing::TestWithParam<AmfRow> {};

TEST_P(SwxAmf, IsAsTheSchemeNeedsItAndTheCardAgrees) {
  const AmfRow& row = GetParam();
  World world;
  KeySet key_set = key_set_of(kPlain);
  key_set.amf = row.provisioned;
  world.repository.add(key_set);
  const auto answer = ask(world, row.prime ? prime_request_of(kPlain) : request_of(kPlain));
  ASSERT_EQ(answer.items.size(), 1U);
  const AkaVector& vector = answer.items[0].vector;
  EXPECT_EQ(amf_of(vector), row.expected);
  const auto card = accepted(vector, key_set);  // MAC-A verified
  EXPECT_TRUE(vector.xres.equals(card.res));
  if (row.prime) {
    const auto keys = eap_aka_prime::derive_keys(card.ck, card.ik, "WLAN", vector.autn);
    EXPECT_TRUE(vector.ck.equals(keys.ck_prime));
    EXPECT_TRUE(vector.ik.equals(keys.ik_prime));
    EXPECT_FALSE(vector.ck.equals(card.ck)) << "CK itself never leaves";
  } else {
    EXPECT_TRUE(vector.ck.equals(card.ck));
    EXPECT_TRUE(vector.ik.equals(card.ik));
  }
  EXPECT_EQ(world.repository.key_set(kPlain)->amf, row.provisioned) << "the key set itself stays";
}

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Step8, SwxAmf,
                         testing::Values(AmfRow{"EAP-AKA: 0000 as provisioned", {0x00, 0x00}, false, {0x00, 0x00}},
                                         AmfRow{"EAP-AKA: 8000 as provisioned", {0x80, 0x00}, false, {0x80, 0x00}},
                                         AmfRow{"EAP-AKA: any", {0x43, 0xAB}, false, {0x43, 0xAB}},
                                         AmfRow{"EAP-AKA': 0000 gets its bit", {0x00, 0x00}, true, {0x80, 0x00}},
                                         AmfRow{"EAP-AKA': 8000 has it", {0x80, 0x00}, true, {0x80, 0x00}},
                                         AmfRow{"EAP-AKA': the other bits stay", {0x43, 0xAB}, true, {0xC3, 0xAB}},
                                         AmfRow{"EAP-AKA': all bits", {0xFF, 0xFF}, true, {0xFF, 0xFF}}));

class SwxCards : public testing::TestWithParam<std::tuple<User, bool>> {};

TEST_P(SwxCards, AgreeOnKeysWhateverTheAlgorithm) {
  const auto [user, prime] = GetParam();
  World world;
  const auto answer = ask(world, prime ? prime_request_of(user) : request_of(user));
  ASSERT_EQ(answer.items.size(), 1U);
  const AkaVector& vector = answer.items[0].vector;
  const auto card = accepted(vector, key_set_of(user));
  EXPECT_TRUE(vector.xres.equals(card.res));
  EXPECT_EQ(vector.ck.equals(card.ck), !prime);
  EXPECT_EQ(vector.ik.equals(card.ik), !prime);
}

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Step8, SwxCards,
                         testing::Combine(testing::Values(kPlain, kRestricted, kXorTest, kTuak), testing::Bool()));

TEST(SwxVectorsTest, KeysAreOfTheAccessNetworkThatWasNamed) {
  std::vector<AkaVector> vectors;
  for (const char* const anid : {"WLAN", "HRPD", "wlan"}) {
    World world;
    auto request = prime_request_of(kPlain);
    request.anid = anid;
    vectors.push_back(ask(world, request).items.at(0).vector);
  }
  EXPECT_EQ(vectors[0].autn, vectors[1].autn) << "the challenge is the same";
  EXPECT_FALSE(vectors[0].ck.equals(vectors[1].ck));
  EXPECT_FALSE(vectors[0].ik.equals(vectors[1].ik));
  EXPECT_FALSE(vectors[0].ck.equals(vectors[2].ck)) << "its octets count, not its letters";
}

// ---- How many, and their SQN ----------------------------------------------------------------------------------------

struct CountRow {
  std::uint32_t asked;
  unsigned most;
  std::size_t expected;
};
void PrintTo(const CountRow& row, std::ostream* out) { *out << row.asked << " asked, " << row.most << " at the most"; }

class SwxItems : public testing::TestWithParam<CountRow> {};

TEST_P(SwxItems, AreAsManyAsAskedUpToTheSettingWithRisingSqnOfOneIndex) {
  const CountRow row = GetParam();
  for (const bool prime : {false, true}) {
    World world;
    world.settings.swx.max_vectors = row.most;
    auto request = prime ? prime_request_of(kPlain) : request_of(kPlain);
    request.number_of_items = row.asked;
    const auto answer = ask(world, request);
    ASSERT_EQ(answer.items.size(), row.expected);
    std::uint64_t seq = 0;
    for (std::size_t i = 0; i < answer.items.size(); ++i) {
      EXPECT_EQ(answer.items[i].number, i + 1);
      const auto card = accepted(answer.items[i].vector, key_set_of(kPlain));
      EXPECT_GT(card.seq, seq);
      EXPECT_EQ(card.ind, 16U) << "the first index of SWx, all of one request";
      seq = card.seq;
      for (std::size_t j = 0; j < i; ++j) EXPECT_NE(answer.items[i].vector.rand, answer.items[j].vector.rand);
    }
    EXPECT_EQ(world.repository.sequence(kPlain).seq, seq);
    EXPECT_EQ(seq, row.expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Clause8_1_2_1_Step8, SwxItems,
                         testing::Values(CountRow{0, 5, 1}, CountRow{1, 5, 1}, CountRow{3, 5, 3}, CountRow{5, 5, 5},
                                         CountRow{6, 5, 5}, CountRow{4'294'967'295, 5, 5}, CountRow{3, 1, 1},
                                         CountRow{3, 2, 2}));

TEST(SwxVectorsTest, NeverASequenceNumberTwice) {
  World world;
  UsimModel usim(key_set_of(kPlain));
  for (int round = 0; round < 20; ++round) {
    auto request = round % 2 == 0 ? request_of(kPlain) : prime_request_of(kPlain);
    request.number_of_items = 3;
    for (const AuthItem& item : ask(world, request).items) {
      EXPECT_TRUE(std::holds_alternative<UsimModel::Accepted>(usim.authenticate(item.vector.rand, item.vector.autn)));
    }
  }
  EXPECT_EQ(world.repository.sequence(kPlain).seq, 60U);
}

TEST(SwxVectorsTest, EachAaaServerHasItsIndex) {
  World world;
  auto of_other = request_of(kRestricted, kOtherAaa);
  const auto first = ask(world, request_of(kPlain));
  const auto second = ask(world, of_other);
  EXPECT_EQ(accepted(first.items.at(0).vector, key_set_of(kPlain)).ind, 16U);
  EXPECT_EQ(accepted(second.items.at(0).vector, key_set_of(kRestricted)).ind, 17U);
}

/// A MAR of the same card's private identity on Cx.
AkaVector cx_vector(World& world) {
  cx::MultimediaAuthRequest request;
  request.origin = {"scscf.example.org", "example.org"};
  request.user_name = kImpi;
  request.public_identity = kImpu;
  request.server_name = "sip:scscf.example.org:6060";
  request.scheme = "Digest-AKAv1-MD5";
  const auto answer = cx::multimedia_auth(request, world.repository, world.context());
  return std::get<AkaVector>(answer.items.at(0).data);
}

TEST(SwxVectorsTest, OneCardOnCxAndSwxNeedsNoResynchronisation) {
  World world;
  UsimModel usim(key_set_of(kPlain));
  for (int round = 0; round < 10; ++round) {
    // Fetched in one order, used in the other.
    auto request = prime_request_of(kPlain);
    request.number_of_items = 2;
    const auto swx = ask(world, request);
    const AkaVector cx = cx_vector(world);
    const auto on_cx = usim.authenticate(cx.rand, cx.autn);
    ASSERT_TRUE(std::holds_alternative<UsimModel::Accepted>(on_cx));
    EXPECT_LE(std::get<UsimModel::Accepted>(on_cx).ind, 15U);
    for (const AuthItem& item : swx.items) {
      const auto on_swx = usim.authenticate(item.vector.rand, item.vector.autn);
      ASSERT_TRUE(std::holds_alternative<UsimModel::Accepted>(on_swx));
      EXPECT_GE(std::get<UsimModel::Accepted>(on_swx).ind, 16U);
    }
  }
  EXPECT_EQ(world.repository.sequence(kPlain).seq, 30U) << "one SEQ";
}

/// Keeps all that is told.
class Words final : public StepObserver {
 public:
  void step(std::string_view clause, std::string_view found) override {
    all += std::string(clause) + " " + std::string(found) + "\n";
  }
  std::string all;
};

TEST(SwxVectorsTest, NoKeyIsToldOf) {
  World world;
  Words words;
  auto request = prime_request_of(kPlain);
  request.number_of_items = 2;
  const auto answer = multimedia_auth(request, world.repository, world.context(&words));
  ASSERT_EQ(answer.items.size(), 2U);
  const std::string told = words.all + answer.verdict.remark;
  const KeySet key_set = key_set_of(kPlain);
  EXPECT_EQ(told.find(to_hex(key_set.k.reveal())), std::string::npos);
  EXPECT_EQ(told.find(to_hex(key_set.opc.reveal())), std::string::npos);
  for (const AuthItem& item : answer.items) {
    EXPECT_EQ(told.find(to_hex(item.vector.ck.reveal())), std::string::npos);
    EXPECT_EQ(told.find(to_hex(item.vector.ik.reveal())), std::string::npos);
    EXPECT_EQ(told.find(to_hex(item.vector.xres.reveal())), std::string::npos);
  }
}

}  // namespace
}  // namespace hss::swx::test
