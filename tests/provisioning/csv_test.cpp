// RFC 4180 as people and spreadsheets write it.
// SPDX-License-Identifier: MIT
#include "provisioning/csv.h"

#include <gmock/gmock.h>

#include <ostream>
#include <sstream>

namespace hss::provisioning {
namespace {

using Row = std::vector<std::string>;

struct Case {
  const char* name;
  std::string text;
  std::vector<Row> rows;
  std::vector<std::size_t> lines;
};

void PrintTo(const Case& row, std::ostream* out) { *out << row.name; }

class CsvTest : public ::testing::TestWithParam<Case> {};

TEST_P(CsvTest, Reads) {
  std::istringstream in(GetParam().text);
  CsvReader reader(in);
  std::vector<Row> rows;
  std::vector<std::size_t> lines;
  for (Row row; reader.next(row);) {
    rows.push_back(row);
    lines.push_back(reader.line());
  }
  EXPECT_EQ(rows, GetParam().rows);
  EXPECT_EQ(lines, GetParam().lines);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, CsvTest,
    ::testing::Values(Case{"empty", "", {}, {}}, Case{"plain", "a,b\nc,d\n", {{"a", "b"}, {"c", "d"}}, {1, 2}},
                      Case{"no_last_line_end", "a,b\nc,d", {{"a", "b"}, {"c", "d"}}, {1, 2}},
                      Case{"crlf", "a,b\r\nc,\r\n", {{"a", "b"}, {"c", ""}}, {1, 2}},
                      Case{"byte_order_mark", "\xEF\xBB\xBF\"a\",b\n", {{"a", "b"}}, {1}},
                      Case{"blank_lines", "\n a \n\r\n\nb\n", {{" a "}, {"b"}}, {2, 5}},
                      Case{"quotes", "\"a,\"\"b\"\"\",c\n", {{"a,\"b\"", "c"}}, {1}},
                      Case{"blank_behind_quote", "\"a\" ,b\r\n", {{"a", "b"}}, {1}},
                      Case{"quoted_line_end", "\"a\nb\",c\nd,e\n", {{"a\nb", "c"}, {"d", "e"}}, {1, 3}},
                      Case{"empty_fields", ",,\n", {{"", "", ""}}, {1}}),
    [](const auto& row) { return std::string(row.param.name); });

struct Refusal {
  const char* name;
  std::string text;
  std::string reason;
};

void PrintTo(const Refusal& row, std::ostream* out) { *out << row.name; }

class CsvRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(CsvRefusalTest, NamesTheLine) {
  std::istringstream in(GetParam().text);
  CsvReader reader(in);
  Row row;
  try {
    while (reader.next(row)) {
    }
    FAIL() << "was read";
  } catch (const CsvError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr(GetParam().reason));
  }
}

INSTANTIATE_TEST_SUITE_P(Texts, CsvRefusalTest,
                         ::testing::Values(Refusal{"no_end", "a\n\"b\nc\n", "line 2: a quoted field has no end"},
                                           Refusal{"stray", "a\nb\"c,d\n", "line 2: there is a quote inside"},
                                           Refusal{"behind", "\"a\"b,c\n", "line 1: there is text behind"},
                                           Refusal{"nul", std::string("a\nb\0c\n", 6), "line 2: holds a NUL"},
                                           Refusal{"long", "a\n" + std::string(70000, 'x'), "line 2: is longer"}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CsvFieldTest, QuotesOnlyWhatNeedsIt) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"x\""), "\"say \"\"x\"\"\"");
  EXPECT_EQ(csv_field(" a"), "\" a\"");
}

}  // namespace
}  // namespace hss::provisioning
