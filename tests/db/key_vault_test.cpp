// SPDX-License-Identifier: MIT
#include "db/key_vault.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "tests/db/fixtures.h"

namespace hss::db::test {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

const Bytes kClear{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17};
const Bytes kPlace{'h', 'e', 'r', 'e'};

class SealTest : public testing::Test {
 protected:
  bool opens(const KeyVault& vault, BytesView sealed, BytesView place) {
    out_.assign(kClear.size(), 0xee);
    return vault.open_sealed(sealed, place, out_);
  }
  KeyVault vault_{master_key()};
  Bytes out_;
};

TEST_F(SealTest, OpensWhatItSealed) {
  const Bytes sealed = vault_.seal(kClear, kPlace);
  EXPECT_EQ(sealed.size(), 1 + 12 + kClear.size() + 16);
  EXPECT_EQ(std::search(sealed.begin(), sealed.end(), kClear.begin(), kClear.begin() + 4), sealed.end());
  EXPECT_TRUE(opens(vault_, sealed, kPlace));
  EXPECT_EQ(out_, kClear);
}

TEST_F(SealTest, TakesAFreshNonceEachTime) {
  std::set<Bytes> seen;
  for (int i = 0; i < 100; ++i) seen.insert(vault_.seal(kClear, kPlace));
  EXPECT_EQ(seen.size(), 100U);
}

TEST_F(SealTest, AnotherMasterKeyDoesNotOpen) {
  EXPECT_FALSE(opens(KeyVault(master_key(0x4e)), vault_.seal(kClear, kPlace), kPlace));
  EXPECT_THAT(out_, Each(0));
}

TEST_F(SealTest, AnotherPlaceDoesNotOpen) {
  const Bytes sealed = vault_.seal(kClear, kPlace);
  for (const Bytes& place : {Bytes{}, Bytes{'h', 'e', 'r'}, Bytes{'h', 'e', 'r', 'f'}, Bytes{'h', 'e', 'r', 'e', 0}}) {
    EXPECT_FALSE(opens(vault_, sealed, place));
    EXPECT_THAT(out_, Each(0));
  }
}

TEST_F(SealTest, ARefusalHasNoEffectOnWhatFollows) {
  const Bytes sealed = vault_.seal(kClear, kPlace);
  EXPECT_FALSE(opens(vault_, sealed, Bytes{'t', 'h', 'e', 'r', 'e'}));
  EXPECT_TRUE(opens(vault_, sealed, kPlace));
  EXPECT_EQ(out_, kClear);
  EXPECT_TRUE(opens(vault_, vault_.seal(kClear, kPlace), kPlace));
}

TEST_F(SealTest, ACopyHasTheSameKeyAndOutlivesTheOther) {
  auto first = std::make_unique<KeyVault>(master_key());
  const KeyVault copy = *first;
  const Bytes sealed = first->seal(kClear, kPlace);
  const KeyVault moved = std::move(*first);
  first.reset();
  EXPECT_TRUE(opens(copy, sealed, kPlace));
  EXPECT_TRUE(opens(moved, copy.seal(kClear, kPlace), kPlace));
}

TEST_F(SealTest, NoOctetCanBeChanged) {
  const Bytes sealed = vault_.seal(kClear, kPlace);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      Bytes changed = sealed;
      changed[i] = static_cast<std::uint8_t>(changed[i] ^ (1U << bit));
      EXPECT_FALSE(opens(vault_, changed, kPlace)) << "octet " << i << " bit " << bit;
      EXPECT_THAT(out_, Each(0));
    }
  }
}

TEST_F(SealTest, NoOtherLengthOpens) {
  const Bytes sealed = vault_.seal(kClear, kPlace);
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    EXPECT_FALSE(opens(vault_, BytesView(sealed).first(size), kPlace)) << size;
  }
  Bytes longer = sealed;
  longer.push_back(0);
  EXPECT_FALSE(opens(vault_, longer, kPlace));
}

TEST_F(SealTest, NothingCanBeSealedToo) {
  const Bytes sealed = vault_.seal({}, kPlace);
  EXPECT_TRUE(vault_.open_sealed(sealed, kPlace, {}));
  EXPECT_FALSE(vault_.open_sealed(sealed, {}, {}));
}

class KeyFileTest : public testing::Test {
 protected:
  std::string refusal() {
    const std::string text = error_of<KeyVaultError>([this] { (void)KeyVault::open(file_); });
    EXPECT_THAT(text, HasSubstr(file_.string()));
    return text;
  }
  void write(std::string_view text, mode_t mode = 0600) {
    write_file(file_, text);
    ASSERT_EQ(::chmod(file_.c_str(), mode), 0);
  }
  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "master.key";
};

const std::string kDigits = "00112233445566778899aabbccddeeffFFEEDDCCBBAA99887766554433221100";

TEST_F(KeyFileTest, IsCreatedForItsOwnerAloneAndOpens) {
  KeyVault::create_key_file(file_);
  EXPECT_THAT(read_file(file_), testing::MatchesRegex("[0-9a-f]{64}\n"));
  struct stat status {};
  ASSERT_EQ(::stat(file_.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  const Bytes sealed = KeyVault::open(file_).seal(kClear, kPlace);
  Bytes out(kClear.size());
  EXPECT_TRUE(KeyVault::open(file_).open_sealed(sealed, kPlace, out));
}

TEST_F(KeyFileTest, TwoAreNeverTheSame) {
  KeyVault::create_key_file(file_);
  KeyVault::create_key_file(directory_ / "other.key");
  EXPECT_NE(read_file(file_), read_file(directory_ / "other.key"));
}

TEST_F(KeyFileTest, OneThatExistsIsNotOverwritten) {
  write("precious");
  EXPECT_THAT(error_of<KeyVaultError>([this] { KeyVault::create_key_file(file_); }), HasSubstr("exists already"));
  EXPECT_EQ(read_file(file_), "precious");
}

TEST_F(KeyFileTest, NeedsItsDirectory) {
  const auto file = directory_ / "missing/master.key";
  EXPECT_THAT(error_of<KeyVaultError>([&] { KeyVault::create_key_file(file); }), HasSubstr("cannot be created"));
}

TEST_F(KeyFileTest, ReadsBothCasesWithAndWithoutNewline) {
  write(kDigits + "\n");
  const Bytes sealed = KeyVault::open(file_).seal(kClear, kPlace);
  write(kDigits);
  Bytes out(kClear.size());
  EXPECT_TRUE(KeyVault::open(file_).open_sealed(sealed, kPlace, out));
}

TEST_F(KeyFileTest, EveryBitForGroupAndOthersIsRefused) {
  for (const mode_t bit : {0040U, 0020U, 0010U, 0004U, 0002U, 0001U}) {
    write(kDigits + "\n", 0600U | bit);
    EXPECT_THAT(refusal(), HasSubstr("chmod 600 " + file_.string())) << bit;
  }
  write(kDigits + "\n", 0400);
  EXPECT_NO_THROW((void)KeyVault::open(file_));
}

TEST_F(KeyFileTest, AnotherFormIsRefusedWithoutShowingIt) {
  for (const std::string& text : {std::string(), std::string("\n"), kDigits.substr(1), kDigits.substr(1) + "\n",
                                  kDigits + "0\n", kDigits + "\n\n", kDigits + "\r\n", " " + kDigits,
                                  "g" + kDigits.substr(1), kDigits + kDigits, std::string(64, '\0')}) {
    write(text);
    const std::string message = refusal();
    EXPECT_THAT(message, HasSubstr("64 hexadecimal digits"));
    EXPECT_THAT(message, Not(HasSubstr(kDigits.substr(8, 8))));
  }
}

TEST_F(KeyFileTest, MissingAndNotAFileAreNamed) {
  EXPECT_THAT(refusal(), HasSubstr("does not exist"));
  std::filesystem::create_directory(file_);
  EXPECT_THAT(refusal(), HasSubstr("not a regular file"));
}

TEST_F(KeyFileTest, AKeyInThePlaceOfTheNameIsNotRepeated) {
  const std::string text = error_of<KeyVaultError>([this] { (void)KeyVault::open(directory_ / kDigits); });
  EXPECT_THAT(text, HasSubstr("a key stands in the place of the name of its file"));
  EXPECT_THAT(text, Not(HasSubstr(kDigits)));
}

}  // namespace
}  // namespace hss::db::test
