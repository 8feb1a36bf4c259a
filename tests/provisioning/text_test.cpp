// What an error may quote, and what could be a key.
// SPDX-License-Identifier: MIT
#include "provisioning/text.h"

#include <gtest/gtest.h>

#include <string>

namespace hss::provisioning {
namespace {

TEST(WithoutKeys, WhatCouldBeAKeyIsToldByItsLength) {
  const std::string key = "465B5ce8b199b49faa5f0a2ee238a6bc";
  EXPECT_EQ(without_keys(key), "(32 hexadecimal digits)");
  EXPECT_EQ(without_keys(key + key + ": no such file"), "(64 hexadecimal digits): no such file");
  EXPECT_EQ(without_keys("unknown option -k" + key), "unknown option -k(32 hexadecimal digits)");
  EXPECT_EQ(without_keys("0x" + key.substr(1) + "g"), "0x(31 hexadecimal digits)g");
  EXPECT_EQ(without_keys("x 46 5b 5c e8 b1 99 b4 9f aa 5f 0a 2e: none"), "x (24 hexadecimal digits): none");
  EXPECT_EQ(without_keys("46:5b:5c:e8:b1:99:b4:9f:aa:5f:0a"), "(22 hexadecimal digits)");
  EXPECT_EQ(without_keys("46-5b-5c-e8-b1-99-b4-9f-aa-5f-0a-"), "(22 hexadecimal digits)-");
}

TEST(WithoutKeys, EverythingElseStays) {
  for (const std::string text :
       {"", "001010000000001@ims.mnc001.mcc001.3gppnetwork.org: no such subscriber", "89490200001234567890",
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "550e8400-e29b-41d4-a716-446655440000", "2026-11-21T18:00:00Z",
        "00:1b:44:11:3a:b7", "a bad face, ab cd ef", "46 5b 5c e8 b1 99 b4 9f aa 5f"}) {
    EXPECT_EQ(without_keys(text), text);
  }
}

}  // namespace
}  // namespace hss::provisioning
