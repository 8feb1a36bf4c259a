// Subscribers in CSV: a header line names the columns, in any order; a line is a subscriber.
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

#include "provisioning/csv.h"
#include "provisioning/records.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning {

/// The columns, in the order in which export writes those that it does.
inline constexpr std::array<std::string_view, 11> kCsvColumns{"imsi", "msisdn", "impi", "impus",    "k",      "opc",
                                                              "op",   "amf",    "sqn",  "ind_bits", "profile"};

class CsvRecords final : public RecordReader {
 public:
  CsvRecords(std::istream& in, const Settings& settings);
  bool next(Record& record) override;

 private:
  void read_header();

  CsvReader csv_;
  const Settings& settings_;
  std::vector<std::string_view> columns_;  // of kCsvColumns
  std::vector<std::string> row_;
};

}  // namespace hss::provisioning
