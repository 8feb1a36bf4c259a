// A file of subscribers as records, one after the other, each either read whole or with everything that is wrong with
// it.
// SPDX-License-Identifier: MIT
#pragma once

#include <iosfwd>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "db/administration.h"
#include "hss/settings.h"
#include "provisioning/checks.h"

namespace hss::provisioning {

enum class Format { kCsv, kJson };

/// A subscription of the file.
struct SubscriberRecord {
  db::SubscriptionDraft draft;
  std::vector<bool> without_keys;  // per key set: the keys are not in the file, the stored ones are meant
  std::vector<bool> without_ha1;   // per private identity: its HA1 is not in the file; shorter: it is
  // What the record says by itself; the rest is as it was derived, and as it is stored when the subscriber is there.
  // JSON says everything, access over non-3GPP networks where it has the member.
  struct Said {
    bool amf = true;
    bool ind_bits = true;
    bool profile = true;
    bool parameters = true;   // of the algorithm, test card
    bool credentials = true;  // scheme, SIP Digest, framed address, line identifiers
    bool display_name = true;
    bool alias_group = true;
    bool service_priority = true;
    bool charging = true;
    bool non_3gpp = true;
    bool what_csv_cannot = true;  // capabilities, networks, delta ...
  } said;
};

/// A service profile of the file (JSON only).
struct ProfileRecord {
  std::string name;
  std::string xml;
};

/// A shared iFC set of the file (JSON only).
struct SharedIfcRecord {
  std::string name;
  std::uint32_t id = 0;
  std::string xml;
};

/// An APN template of the file (JSON only).
struct ApnRecord {
  db::Administration::NamedApn apn;
};

struct Record {
  std::size_t line = 0;
  std::variant<SubscriberRecord, ProfileRecord, SharedIfcRecord, ApnRecord> content;
  FieldProblems problems;  // not empty: the content is not to be used
};

/// The file cannot be read as what it should be: one line.
class RecordsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;
  /// False at the end. Throws RecordsError when the rest of the file makes no sense.
  virtual bool next(Record& record) = 0;
};

/// JSON when the first visible character is '[' or '{', else CSV. Reads nothing.
Format detect_format(std::istream& in);

/// Reads the header line of CSV. Throws RecordsError for an empty file and for a header that is none.
std::unique_ptr<RecordReader> read_records(std::istream& in, Format format, const Settings& settings);

}  // namespace hss::provisioning
