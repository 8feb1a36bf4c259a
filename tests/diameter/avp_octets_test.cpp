// What is written as octets is what freeDiameter makes of the same AVPs.
// SPDX-License-Identifier: MIT
#include "diameter/avp_octets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "diameter/avp_writer.h"
#include "tests/diameter/harness.h"

namespace hss::diameter::test {
namespace {

class AvpOctetsTest : public CoreTest {
 protected:
  using Write = std::function<void(AvpWriter&)>;

  /// What stands behind the header of a message that holds it.
  static std::string by_core(const Write& write) {
    const fd::MessagePtr message = parse(location_info_request());
    const std::size_t before = encoded_only(message.get()).octets().size();
    AvpWriter writer(message.get());
    write(writer);
    return encoded_only(message.get()).octets().substr(before);
  }
  static std::string by_us(const Write& write) {
    AvpOctets out;
    AvpWriter writer(out);
    write(writer);
    out.close(0);
    return {out.buffer().begin(), out.buffer().end()};
  }
};

TEST_F(AvpOctetsTest, EveryKindIsAsFreeDiameterWritesIt) {
  const fd::MessagePtr received = parse(multimedia_auth_request());
  const std::vector<Write> writes = {
      [](AvpWriter& out) { out.text(avps::kUserName, "a"); },
      [](AvpWriter& out) { out.text(avps::kUserName, "abcd"); },
      [](AvpWriter& out) { out.text(avps::kPublicIdentity, "sip:a@b"); },
      [](AvpWriter& out) { out.lasting_text(avps::kOriginHost, "hss.example.org"); },
      [](AvpWriter& out) {
        out.octets(avps::kSipAuthorization, Bytes{0, 1, 2, 0xFF, 0});
      },
      [](AvpWriter& out) { out.unsigned32(avps::kResultCode, 0xFFFFFFFE); },
      [](AvpWriter& out) { out.enumerated(avps::kAuthSessionState, -1); },
      [](AvpWriter& out) {
        out.address(avps::kMipHomeAgentAddress, Octets<4>{127, 0, 0, 1});
      },
      [](AvpWriter& out) {
        out.address(avps::kMipHomeAgentAddress, Octets<16>{0x20, 1});
      },
      [](AvpWriter& out) { out.group(avps::kFailedAvp); },
      [](AvpWriter& out) {
        AvpWriter group = out.group(avps::kSipAuthDataItem);
        group.unsigned32(avps::kSipItemNumber, 1);
        AvpWriter inner = group.group(avps::kSipDigestAuthenticate);
        inner.text(avps::kDigestRealm, "r");
        group.text(avps::kSipAuthenticationScheme, "scheme");
        out.text(avps::kUserName, "behind");
      },
      [](AvpWriter& out) {
        out.content(avps::kFailedAvp, Bytes{0, 0, 1, 0, 0x40, 0, 0, 8});
      },
      [](AvpWriter& out) { out.example(avps::kVendorSpecificApplicationId); },
      [](AvpWriter& out) { out.example(avps::kSipAuthDataItem); },
      [](AvpWriter& out) { out.example(avps::kSipNumberAuthItems); },
      [](AvpWriter& out) { out.example(avps::kServerAssignmentType); },
      [](AvpWriter& out) { out.example(avps::kServerName); },
      [](AvpWriter& out) { out.example(avps::kMipHomeAgentAddress); },
      [&received](AvpWriter& out) {
        for (avp* child : fd::children(received.get())) EXPECT_TRUE(out.copy(child));
      },
  };
  for (std::size_t i = 0; i < writes.size(); ++i) {
    EXPECT_EQ(testing::PrintToString(by_us(writes[i])), testing::PrintToString(by_core(writes[i]))) << i;
    EXPECT_FALSE(by_us(writes[i]).empty()) << i;
  }
}

TEST_F(AvpOctetsTest, EveryRowHasItsExample) {
  for (const AvpDefinition& definition : avp_table::kRows) {
    const Write write = [&definition](AvpWriter& out) { out.example(definition); };
    EXPECT_EQ(by_us(write), by_core(write)) << definition.name;
  }
}

TEST_F(AvpOctetsTest, WhatCannotBeCopiedIsNotWritten) {
  const fd::MessagePtr message = parse(with(location_info_request(), RawAvp{9999, 0, 0, "abc"}));
  avp* unknown = nullptr;
  for (avp* child : fd::children(message.get())) unknown = child;
  AvpOctets out;
  EXPECT_FALSE(AvpWriter(out).copy(unknown));
  EXPECT_TRUE(out.buffer().empty());
}

TEST_F(AvpOctetsTest, AGroupThatIsNoLongerOpenIsNotWrittenTo) {
  AvpOctets out;
  AvpWriter writer(out);
  AvpWriter group = writer.group(avps::kFailedAvp);
  writer.text(avps::kUserName, "behind");
  EXPECT_THROW(group.text(avps::kUserName, "too late"), std::logic_error);
}

}  // namespace
}  // namespace hss::diameter::test
