// SPDX-License-Identifier: MIT
#include "provisioning/records.h"

#include <istream>

#include "hss/ascii.h"
#include "provisioning/csv_records.h"
#include "provisioning/json_records.h"

namespace hss::provisioning {

Format detect_format(std::istream& in) {
  const auto start = in.tellg();
  int c = in.get();
  if (c == 0xEF) {  // byte order mark
    in.get();
    in.get();
    c = in.get();
  }
  while (c != std::istream::traits_type::eof() && ascii::is_space(static_cast<char>(c))) c = in.get();
  in.clear();
  in.seekg(start);
  return c == '[' || c == '{' ? Format::kJson : Format::kCsv;
}

std::unique_ptr<RecordReader> read_records(std::istream& in, Format format, const Settings& settings) {
  if (format == Format::kJson) return std::make_unique<JsonRecords>(in, settings);
  return std::make_unique<CsvRecords>(in, settings);
}

}  // namespace hss::provisioning
