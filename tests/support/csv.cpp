// SPDX-License-Identifier: MIT
#include "tests/support/csv.h"

#include <fstream>
#include <ostream>
#include <stdexcept>
#include <utility>

namespace hss::test {
namespace {

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t begin = 0;
  for (std::size_t comma = line.find(','); comma != std::string::npos; comma = line.find(',', begin)) {
    fields.push_back(line.substr(begin, comma - begin));
    begin = comma + 1;
  }
  fields.push_back(line.substr(begin));
  return fields;
}

}  // namespace

const std::string& CsvRow::text(std::string_view column) const {
  const auto found = fields_.find(column);
  if (found == fields_.end()) throw std::runtime_error(where_ + ": no column " + std::string(column));
  return found->second;
}

void CsvRow::read_octets(std::string_view column, std::span<std::uint8_t> out) const {
  if (!parse_hex(text(column), out)) {
    throw std::runtime_error(where_ + ": column " + std::string(column) + " is not " + std::to_string(out.size()) +
                             " octets in hexadecimal");
  }
}

void PrintTo(const CsvRow& row, std::ostream* out) { *out << row.where_; }

std::vector<CsvRow> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!std::getline(in, line)) throw std::runtime_error(file.string() + ": cannot be read or is empty");
  const std::vector<std::string> columns = split(line);

  std::vector<CsvRow> rows;
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    const std::string where = file.string() + ":" + std::to_string(number);
    const std::vector<std::string> values = split(line);
    if (values.size() != columns.size()) throw std::runtime_error(where + ": not as many fields as the header");
    std::map<std::string, std::string, std::less<>> fields;
    for (std::size_t i = 0; i < columns.size(); ++i) fields[columns[i]] = values[i];
    rows.emplace_back(where, std::move(fields));
  }
  if (in.bad()) throw std::runtime_error(file.string() + ": cannot be read to its end");
  return rows;
}

}  // namespace hss::test
