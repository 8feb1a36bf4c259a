// SPDX-License-Identifier: MIT
#include "provisioning/csv_records.h"

#include <algorithm>

#include "hss/ascii.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

std::string known_columns() {
  std::string text;
  for (const CsvColumn& column : csv_columns()) text += (text.empty() ? "" : ",") + std::string(column.name);
  return text;
}

/// A name may be repeated in an error; a key may not.
bool looks_like_a_name(std::string_view text) {
  return !text.empty() && text.size() < 25 && ascii::is_alpha(text.front()) &&
         std::ranges::none_of(text, ascii::is_digit) && std::ranges::none_of(text, ascii::is_control);
}

SubscriberFields fields_of(const std::vector<const CsvColumn*>& columns, const std::vector<std::string>& row) {
  SubscriberFields fields;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::string value(trim(row[i]));
    columns[i]->set(fields, value);
    OPENSSL_cleanse(value.data(), value.size());
  }
  return fields;
}

/// What a line says by itself: an empty field says nothing.
SubscriberRecord::Said said_by(const SubscriberFields& fields) {
  const bool digest = !fields.sip_password.empty() || !fields.ha1.empty();
  return {.amf = !fields.amf.empty(),
          .ind_bits = !fields.ind_bits.empty(),
          .profile = !fields.profile.empty(),
          .parameters = !fields.algorithm.empty() || !fields.tuak_iterations.empty() || !fields.res_length.empty() ||
                        !fields.milenage_constants.empty() || fields.test_card,
          .credentials =
              digest || !fields.scheme.empty() || !fields.framed_address.empty() || !fields.line_identifiers.empty(),
          .display_name = !fields.display_name.empty(),
          .alias_group = !fields.alias_group.empty(),
          .service_priority = !fields.service_priority.empty(),
          .charging = !fields.primary_event_charging.empty() || !fields.secondary_event_charging.empty() ||
                      !fields.primary_collection_charging.empty() || !fields.secondary_collection_charging.empty(),
          .non_3gpp = !fields.given().empty(),
          .what_csv_cannot = false};
}

}  // namespace

CsvRecords::CsvRecords(std::istream& in, const Settings& settings) : csv_(in), settings_(settings) { read_header(); }

void CsvRecords::read_header() {
  try {
    if (!csv_.next(row_)) throw RecordsError("the file is empty: write a header line such as imsi,msisdn,k,opc");
  } catch (const CsvError& error) {
    throw RecordsError(error.what());
  }
  if (row_.front().starts_with("\xFF\xFE") || row_.front().starts_with("\xFE\xFF")) {
    throw RecordsError("the file is UTF-16: save it as UTF-8");
  }
  for (const std::string& cell : row_) {
    std::string name = ascii::lower(trim(cell));
    if (name == "ki") name = "k";
    const auto known = csv_columns();
    const auto column = std::ranges::find(known, name, &CsvColumn::name);
    if (column == known.end()) {
      const std::string what = looks_like_a_name(name) ? "has an unknown column '" + printable(name) + "'"
                                                       : std::string("does not name columns: is the header missing?");
      throw RecordsError("line " + std::to_string(csv_.line()) + " " + what + " The columns are, in any order, " +
                         known_columns());
    }
    if (std::ranges::find(columns_, &*column) != columns_.end()) {
      throw RecordsError("line " + std::to_string(csv_.line()) + " names column '" + name + "' twice: remove one");
    }
    columns_.push_back(&*column);
  }
  const auto has = [&](std::string_view name) {
    return std::ranges::find(columns_, name, &CsvColumn::name) != columns_.end();
  };
  if (!has("imsi") && !has("impi")) throw RecordsError("the header has neither imsi nor impi: add one");
  if (has("ha1") || has("sip_password") || has("framed_address") || has("line_identifiers")) return;
  if (!has("k")) throw RecordsError("the header has no column k: add it");
  if (!has("opc") && !has("op") && !has("topc") && !has("top") && !has("algorithm")) {
    throw RecordsError("the header has neither opc nor op: add one");
  }
}

bool CsvRecords::next(Record& record) {
  record = {};
  try {
    if (!csv_.next(row_)) return false;
  } catch (const CsvError& error) {
    throw RecordsError(error.what());
  }
  record.line = csv_.line();
  if (row_.size() != columns_.size()) {
    record.problems.push_back(
        {"(line)", "has " + count_of(row_.size(), "field") + ", the header has " + std::to_string(columns_.size())});
    return true;
  }
  const SubscriberFields fields = fields_of(columns_, row_);
  auto made = make_draft(fields, settings_);
  if (auto* problems = std::get_if<FieldProblems>(&made)) {
    record.problems = std::move(*problems);
  } else {
    record.content = SubscriberRecord{.draft = std::get<db::SubscriptionDraft>(std::move(made)),
                                      .without_keys = {false},
                                      .without_ha1 = {},
                                      .said = said_by(fields)};
  }
  return true;
}

}  // namespace hss::provisioning
