// Where the master key is taken from: the credential before the environment before the file; none is passed over.
// SPDX-License-Identifier: MIT
#include "db/master_key.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include "fixtures.h"

namespace hss::db::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string kOfCredential(64, 'a');
const std::string kOfVariable(64, 'b');
const Bytes kPlace{1};

class MasterKeyTest : public testing::Test {
 protected:
  MasterKeyTest() { KeyVault::create_key_file(file_); }
  ~MasterKeyTest() override {
    ::unsetenv(kMasterKeyVariable);
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }

  static KeyVault vault(std::uint8_t octet) {
    Secret<32> key;
    for (std::uint8_t& each : key.overwrite()) each = octet;
    return KeyVault(key);
  }
  /// True when open_master_key() gives the key of `expected`.
  [[nodiscard]] bool gives(const KeyVault& expected) const {
    const Bytes sealed = open_master_key(file_).seal(Bytes{7}, kPlace);
    Bytes out(1);
    return expected.open_sealed(sealed, kPlace, out);
  }
  void set_credential(const std::string& text) {
    write_file(directory_ / kMasterKeyCredential, text);
    ::setenv("CREDENTIALS_DIRECTORY", (directory_ / ".").c_str(), 1);
  }
  [[nodiscard]] std::string refusal() const {
    return error_of<KeyVaultError>([this] { (void)open_master_key(file_); });
  }

  TemporaryDirectory directory_;
  std::filesystem::path file_ = directory_ / "master.key";
};

TEST_F(MasterKeyTest, TheCredentialThenTheVariableThenTheFile) {
  EXPECT_TRUE(gives(KeyVault::open(file_)));
  ::setenv("CREDENTIALS_DIRECTORY", (directory_ / ".").c_str(), 1);
  EXPECT_TRUE(gives(KeyVault::open(file_))) << "credentials of other things";
  ::setenv(kMasterKeyVariable, kOfVariable.c_str(), 1);
  EXPECT_TRUE(gives(vault(0xbb)));
  set_credential(kOfCredential + "\n");
  EXPECT_TRUE(gives(vault(0xaa)));
  std::filesystem::remove(file_);
  EXPECT_TRUE(gives(vault(0xaa)));
}

TEST_F(MasterKeyTest, WhatIsNoKeyIsRefusedAndNotShown) {
  for (const std::string& text : {kOfVariable.substr(1), kOfVariable + "b", std::string(64, 'x'), std::string()}) {
    ::setenv(kMasterKeyVariable, text.c_str(), 1);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("MINIHSS_MASTER_KEY holds no master key"), Not(HasSubstr("bbbb"))));
    set_credential(text);
    EXPECT_THAT(refusal(), AllOf(HasSubstr("minihss.master-key holds no master key"), Not(HasSubstr("bbbb"))));
    ::unsetenv("CREDENTIALS_DIRECTORY");
  }
}

TEST_F(MasterKeyTest, ACredentialThatCannotBeReadIsRefused) {
  std::filesystem::create_directory(directory_ / kMasterKeyCredential);
  ::setenv("CREDENTIALS_DIRECTORY", (directory_ / ".").c_str(), 1);
  EXPECT_THAT(refusal(), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace hss::db::test
