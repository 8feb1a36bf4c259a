// SPDX-License-Identifier: MIT
#include "db/non_3gpp_reader.h"

#include <sstream>

namespace hss::db {

namespace {

constexpr int kAddresses = 1 + kApnColumnCount;  // column of d.ipv4, x.ipv4
constexpr int kOwn = kAddresses + 2;             // column of n.access_barred

void append_apn(const Rows& rows, Non3gppReader::Provisioned& out) {
  out.templates.push_back(rows.text(0));
  out.subscription.apns.push_back({.configuration = apn_at(rows, 1),
                                   .ipv4 = octets_at<4>(rows, kAddresses),
                                   .ipv6 = octets_at<16>(rows, kAddresses + 1)});
}

std::vector<std::uint32_t> numbers_of(const std::string& text) {
  std::vector<std::uint32_t> numbers;
  std::istringstream in(text);
  for (std::uint32_t number = 0; in >> number;) numbers.push_back(number);
  return numbers;
}

}  // namespace

std::optional<Non3gppReader::Provisioned> Non3gppReader::read(SubscriptionId id) {
  Provisioned found;
  Non3gppSubscription& subscription = found.subscription;
  {
    Rows rows(own_, id);
    if (!rows.next()) return std::nullopt;
    append_apn(rows, found);
    subscription.access_allowed = rows.integer(kOwn) == 0;
    subscription.apns_enabled = rows.integer(kOwn + 1) == 0;
    if (const auto seconds = rows.optional_integer(kOwn + 2)) {
      subscription.session_timeout = static_cast<std::uint32_t>(*seconds);
    }
    subscription.ambr = ambr_at(rows, kOwn + 3);
    subscription.charging_characteristics = rows.text(kOwn + 5);
    subscription.forbidden_rat_types = numbers_of(rows.text(kOwn + 6));
    subscription.visited_networks = from_lines(rows.text(kOwn + 7));
  }
  for (Rows rows(further_, id); rows.next();) append_apn(rows, found);
  for (Rows rows(msisdns_, id); rows.next();) subscription.msisdns.push_back(rows.text(0));
  return found;
}

}  // namespace hss::db
