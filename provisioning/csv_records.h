// Subscribers in CSV: a header line names the columns, in any order; a line is a subscriber.
// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "provisioning/csv.h"
#include "provisioning/csv_columns.h"
#include "provisioning/records.h"
#include "provisioning/subscriber_fields.h"

namespace hss::provisioning {

class CsvRecords final : public RecordReader {
 public:
  CsvRecords(std::istream& in, const Settings& settings);
  bool next(Record& record) override;

 private:
  void read_header();

  CsvReader csv_;
  const Settings& settings_;
  std::vector<const CsvColumn*> columns_;
  std::vector<std::string> row_;
};

}  // namespace hss::provisioning
