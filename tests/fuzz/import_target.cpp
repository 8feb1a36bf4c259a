// Files of subscribers, CSV and JSON: what is taken the store takes too; it can be exported in JSON, and in CSV where
// that says it all, and is read back equal; every problem is one line.
// SPDX-License-Identifier: MIT
#include <fstream>
#include <iterator>
#include <sstream>
#include <variant>

#include "db/draft_checks.h"
#include "provisioning/csv.h"
#include "provisioning/csv_columns.h"
#include "provisioning/records.h"
#include "provisioning/subscription_diff.h"
#include "provisioning/subscription_json.h"
#include "tests/fuzz/target.h"

namespace hss::fuzz {
namespace {

using namespace provisioning;

bool one_line(std::string_view text) { return !text.empty() && text.find('\n') == std::string_view::npos; }

Record only_record(const std::string& text, Format format, const Settings& settings) {
  std::istringstream in(text);
  const auto reader = read_records(in, format, settings);
  Record record;
  Record more;
  require(reader->next(record) && !reader->next(more), "what was written is one record");
  require(record.problems.empty(), "what was written is taken");
  return record;
}

void same(const db::SubscriptionDraft& draft, const Record& again) {
  const auto* const subscriber = std::get_if<SubscriberRecord>(&again.content);
  require(subscriber != nullptr, "a subscriber stays one");
  require(!first_difference(draft, subscriber->draft) && !first_difference(subscriber->draft, draft),
          "what is exported is imported as it was");
}

void check(const SubscriberRecord& subscriber, const Settings& settings) {
  for (const auto& missing : {subscriber.without_keys, subscriber.without_ha1}) {
    for (const bool left_out : missing) {
      if (left_out) return;  // the stored ones are meant: there is nothing to write
    }
  }
  const db::SubscriptionDraft& draft = subscriber.draft;
  db::check_consistent(draft);  // throws for what the store would refuse
  // As it is: compact() would hide broken UTF-8.
  same(draft, only_record(to_json(draft, true).dump(), Format::kJson, settings));
  const auto fields = csv_fields(draft, true, settings);
  if (!fields) return;
  std::string header;
  std::string line;
  for (const CsvColumn& column : csv_columns()) {
    if (column.written == CsvColumn::Written::kNever) continue;
    const char* const comma = header.empty() ? "" : ",";
    header += comma + std::string(column.name);
    line += comma + csv_field(column.get(*fields));
  }
  same(draft, only_record(header + "\r\n" + line + "\r\n", Format::kCsv, settings));
}

bool run(std::string_view input) {
  static const Settings kSettings;
  std::istringstream in{std::string(input)};
  bool taken = false;
  try {
    const auto reader = read_records(in, detect_format(in), kSettings);
    std::size_t line = 0;
    for (Record record; reader->next(record); line = record.line) {
      require(record.line >= line, "lines are counted upwards");
      for (const FieldProblem& problem : record.problems) {
        require(one_line(problem.field) && one_line(problem.reason), "a problem is one line");
      }
      if (!record.problems.empty()) continue;
      taken = true;
      if (const auto* subscriber = std::get_if<SubscriberRecord>(&record.content)) check(*subscriber, kSettings);
      if (const auto* apn = std::get_if<ApnRecord>(&record.content)) db::check_consistent(apn->apn.configuration);
    }
  } catch (const RecordsError& error) {
    require(one_line(error.what()), "a refusal is one line");
  }
  return taken;
}

std::vector<std::string> seeds() {
  std::ifstream cards(MINIHSS_SOURCE_DIR "/docs/test-subscribers.csv");
  require(cards.is_open(), "the test subscribers are there");
  return {
      {std::istreambuf_iterator<char>(cards), {}},
      "\xEF\xBB\xBFimpi,impus,ki,op,display_name\r\n"
      "a@example.org,\"sip:a@example.org;tel:+1555 sip:x!.*!@example.org\",465b5ce8b199b49faa5f0a2ee238a6bc,"
      "cdc202d5123e20f62b6d676ac72cb318,\"A \"\"b\"\", c\"\r\n",
      "imsi,msisdn,sip_password,framed_address,line_identifiers,apns,ue_ambr\n001010000000001,+15550100001,secret,"
      "2001:db8::/64,00ff,ims;internet,50M:150000001\n",
      R"([{"imsi": "001010000000001", "msisdns": ["15550100001"], "key_sets": [{"k": "465b5ce8b199b49faa5f0a2ee238a6bc",
"opc": "cd63cb71954a9f4e48a5994e37a02baf", "amf": "8000"}], "private_identities": [{"impi": "a@example.org",
"key_set": 0}], "public_identities": [{"impu": "sip:a@example.org", "display_name": "\u00fc"}]}])",
      R"({"private_identities": [{"impi": "a@example.org", "sip_digest": {"ha1": "465b5ce8b199b49faa5f0a2ee238a6bc"}}],
"public_identities": [{"impu": "sip:;a@example.org"}, {"impu": "sip:b;c@example.org"}]})",
      R"({"service_profile": {"name": "x", "xml": "<ServiceProfile/>"}}
{"shared_ifc_set": {"name": "y", "id": 7, "xml": ""}}
{"apn": {"name": "ims", "context_identifier": 1, "qci": 5, "ambr": {"uplink": 1, "downlink": 2}}})"};
}

const Registration kTarget({"import", seeds, run});

}  // namespace
}  // namespace hss::fuzz
