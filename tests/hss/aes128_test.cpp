// AES-128 by every implementation that this processor has: FIPS 197's own examples, and that they all agree.
// SPDX-License-Identifier: MIT
#include "hss/aes128.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <thread>
#include <type_traits>

#include "hss/bytes.h"

namespace hss {
namespace {

using Implementation = Aes128::Implementation;

static_assert(!std::is_copy_constructible_v<Aes128> && !std::is_copy_assignable_v<Aes128>);
static_assert(!std::is_move_constructible_v<Aes128> && !std::is_move_assignable_v<Aes128>);

template <std::size_t N>
Secret<N> secret(std::string_view hex) {
  return Secret<N>(from_hex_exact<N>(hex).value());
}

/// Text, so that a failure shows what came out; these keys are published, or made here.
template <std::size_t N>
std::string published(const Secret<N>& value) {
  return to_hex(value.reveal());
}

template <std::size_t N>
std::string encrypted(const Secret<16>& key, Secret<N> blocks, Implementation implementation) {
  Secret<16> first(blocks.reveal().template first<16>());
  Aes128 with_a_block(key, first, implementation);
  Aes128(key, implementation).encrypt(blocks);
  EXPECT_EQ(published(first), to_hex(blocks.reveal().first(16))) << "encrypted with the expansion";
  Secret<16> again = secret<16>("00112233445566778899aabbccddeeff");
  Secret<16> expected = again;
  with_a_block.encrypt(again);
  Aes128(key, implementation).encrypt(expected);
  EXPECT_TRUE(again.equals(expected)) << "the schedule is the same";
  return published(blocks);
}

class Aes128Test : public testing::TestWithParam<Implementation> {};

/// FIPS 197, Appendix B.
TEST_P(Aes128Test, TheCipherExampleOfFips197) {
  EXPECT_EQ(encrypted(secret<16>("2b7e151628aed2a6abf7158809cf4f3c"), secret<16>("3243f6a8885a308d313198a2e0370734"),
                      GetParam()),
            "3925841d02dc09fbdc118597196a0b32");
}

/// FIPS 197, Appendix C.1.
TEST_P(Aes128Test, TheExampleVectorOfFips197) {
  EXPECT_EQ(encrypted(secret<16>("000102030405060708090a0b0c0d0e0f"), secret<16>("00112233445566778899aabbccddeeff"),
                      GetParam()),
            "69c4e0d86a7b0430d8cdb78070b4c55a");
}

/// SP 800-38A, F.1.1: four blocks, in one call and cut into others.
TEST_P(Aes128Test, TheEcbExampleOfSp80038a) {
  const Secret<16> key = secret<16>("2b7e151628aed2a6abf7158809cf4f3c");
  const std::string plain =
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
  const std::string cipher =
      "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
      "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4";
  EXPECT_EQ(encrypted(key, secret<64>(plain), GetParam()), cipher);
  EXPECT_EQ(encrypted(key, secret<48>(plain.substr(0, 96)), GetParam()), cipher.substr(0, 96));
  EXPECT_EQ(encrypted(key, secret<32>(plain.substr(64)), GetParam()), cipher.substr(64));
  EXPECT_EQ(encrypted(key, secret<16>(plain.substr(96)), GetParam()), cipher.substr(96));
}

/// Also more blocks than run side by side.
TEST_P(Aes128Test, EveryBlockStandsAlone) {
  const Secret<16> key = secret<16>("000102030405060708090a0b0c0d0e0f");
  Secret<9 * 16> blocks;
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks.overwrite()[i] = static_cast<std::uint8_t>(i * 7);
  const Secret<9 * 16> plain = blocks;
  Aes128 aes(key, GetParam());
  aes.encrypt(blocks);
  for (std::size_t i = 0; i < blocks.size(); i += 16) {
    Secret<16> block(plain.reveal().subspan(i).first<16>());
    aes.encrypt(block);
    EXPECT_EQ(published(block), to_hex(blocks.reveal().subspan(i, 16))) << "octet " << i;
  }
}

/// Keys that are alive at the same time, and one that goes on another thread than it came on.
TEST_P(Aes128Test, KeysDoNotDisturbEachOther) {
  const Secret<16> appendix_b = secret<16>("2b7e151628aed2a6abf7158809cf4f3c");
  const Secret<16> appendix_c = secret<16>("000102030405060708090a0b0c0d0e0f");
  Aes128 first(appendix_b, GetParam());
  {
    auto second = std::make_unique<Aes128>(appendix_c, GetParam());
    std::thread([&second] {
      Secret<16> block = secret<16>("00112233445566778899aabbccddeeff");
      second->encrypt(block);
      EXPECT_EQ(published(block), "69c4e0d86a7b0430d8cdb78070b4c55a");
      second.reset();
    }).join();
  }
  EXPECT_EQ(encrypted(appendix_c, secret<16>("00112233445566778899aabbccddeeff"), GetParam()),
            "69c4e0d86a7b0430d8cdb78070b4c55a");
  Secret<16> block = secret<16>("3243f6a8885a308d313198a2e0370734");
  first.encrypt(block);
  EXPECT_EQ(published(block), "3925841d02dc09fbdc118597196a0b32");
}

/// With what OpenSSL gives, which is at hand everywhere.
TEST_P(Aes128Test, AgreesWithOpenSslOnRandomKeysAndBlocks) {
  constexpr int kRounds = 5000;
  std::mt19937 random(197);  // a fixed seed: a failure can be had again
  const auto fill = [&random](std::span<std::uint8_t> out) {
    std::ranges::generate(out, [&random] { return static_cast<std::uint8_t>(random()); });
  };
  int equal = 0;
  for (int round = 0; round < kRounds; ++round) {
    Secret<16> key;
    Secret<4 * 16> blocks;
    fill(key.overwrite());
    fill(blocks.overwrite());
    Secret<4 * 16> expected = blocks;
    Secret<16> first(blocks.reveal().first<16>());
    const Aes128 with_a_block(key, first, GetParam());
    Aes128(key, Implementation::kOpenSsl).encrypt(expected);
    Aes128(key, GetParam()).encrypt(blocks);
    if (blocks.equals(expected) && published(first) == to_hex(expected.reveal().first(16))) ++equal;
  }
  EXPECT_EQ(equal, kRounds);
}

/// The octets of an Aes128 that lie in itself: of the schedule none is left.
TEST_P(Aes128Test, WipesItsSchedule) {
  const Secret<16> key = secret<16>("000102030405060708090a0b0c0d0e0f");
  const auto octets = key.reveal();
  alignas(Aes128) unsigned char place[sizeof(Aes128)] = {};
  auto* aes = new (place) Aes128(key, GetParam());
  const auto holds = [&place](std::span<const std::uint8_t> wanted) {
    return std::search(std::begin(place), std::end(place), wanted.begin(), wanted.end()) != std::end(place);
  };
  const Octets<16> last = from_hex_exact<16>("13111d7fe3944a17f307a78b4d2b30c5").value();  // FIPS 197 C.1, k_sch
  const bool within = GetParam() == Implementation::kInstructions;
  ASSERT_EQ(holds(octets), within);
  ASSERT_EQ(holds(last), within);
  aes->~Aes128();
  EXPECT_FALSE(holds(octets));
  EXPECT_FALSE(holds(last));
}

INSTANTIATE_TEST_SUITE_P(Implementations, Aes128Test, testing::ValuesIn(Aes128::implementations()),
                         [](const testing::TestParamInfo<Implementation>& tested) {
                           return tested.param == Implementation::kOpenSsl ? "OpenSsl" : "Instructions";
                         });

/// The flags that the kernel tells of the first processor; empty on one that is not x86-64.
std::string x86_flags() {
#ifdef __x86_64__
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    if (line.starts_with("flags")) return line + " ";
  }
#endif
  return "";
}

/// Otherwise a check that is never true would go unnoticed: OpenSSL gives the same octets, only later.
TEST(Aes128ImplementationsTest, InstructionsAreUsedWhereTheProcessorHasThem) {
  const std::string flags = x86_flags();
  const bool has = flags.find(" aes ") != std::string::npos && flags.find(" ssse3 ") != std::string::npos;
  if (has) {
    EXPECT_THAT(Aes128::implementations(),
                testing::ElementsAre(Implementation::kInstructions, Implementation::kOpenSsl));
  } else {
    EXPECT_THAT(Aes128::implementations(), testing::ElementsAre(Implementation::kOpenSsl));
    EXPECT_THROW(Aes128(Secret<16>(), Implementation::kInstructions), std::invalid_argument);
  }
}

}  // namespace
}  // namespace hss
