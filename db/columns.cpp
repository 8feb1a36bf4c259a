// SPDX-License-Identifier: MIT
#include "db/columns.h"

namespace hss::db {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

std::string to_lines(const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) {
    if (text.find('\n') != std::string::npos) throw StoreFault("one of a list of names holds a line feed");
    lines += (lines.empty() ? "" : "\n") + text;
  }
  return lines;
}

std::vector<std::string> from_lines(std::string_view lines) {
  std::vector<std::string> texts;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = std::min(lines.find('\n', begin), lines.size());
    texts.emplace_back(lines.substr(begin, end - begin));
    begin = end + 1;
  }
  return texts;
}

std::optional<Ambr> ambr_at(const Rows& rows, int column) {
  if (rows.is_null(column)) return std::nullopt;
  return Ambr{static_cast<std::uint32_t>(rows.integer(column)), static_cast<std::uint32_t>(rows.integer(column + 1))};
}

std::optional<std::uint32_t> uplink_of(const std::optional<Ambr>& ambr) {
  return ambr ? std::optional(ambr->uplink) : std::nullopt;
}

std::optional<std::uint32_t> downlink_of(const std::optional<Ambr>& ambr) {
  return ambr ? std::optional(ambr->downlink) : std::nullopt;
}

PdnGateway gateway_at(const Rows& rows, int column) {
  return {.ipv4 = octets_at<4>(rows, column),
          .ipv6 = octets_at<16>(rows, column + 1),
          .host = rows.text(column + 2),
          .realm = rows.text(column + 3)};
}

ApnConfiguration apn_at(const Rows& rows, int column) {
  ApnConfiguration apn;
  apn.context_identifier = static_cast<std::uint32_t>(rows.integer(column));
  apn.name = rows.text(column + 1);
  apn.pdn_type = to_enum(rows.integer(column + 2), PdnType::kIpv4OrIpv6, "PDN type");
  apn.qci = static_cast<unsigned>(rows.integer(column + 3));
  apn.priority = {.level = static_cast<unsigned>(rows.integer(column + 4)),
                  .may_pre_empt = rows.integer(column + 5) != 0,
                  .may_be_pre_empted = rows.integer(column + 6) != 0};
  if (const auto allowed = rows.optional_integer(column + 7)) apn.vplmn_dynamic_address_allowed = *allowed != 0;
  apn.ambr = ambr_at(rows, column + 8);
  apn.charging_characteristics = rows.text(column + 10);
  apn.gateway = gateway_at(rows, column + 11);
  return apn;
}

}  // namespace hss::db
