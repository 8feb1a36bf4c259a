// Subscribers in JSON: objects as export writes them, one after the other or in an array. An object with one member,
// service_profile, shared_ifc_set or apn, holds such a one.
// SPDX-License-Identifier: MIT
#pragma once

#include "hss/settings.h"
#include "provisioning/json.h"
#include "provisioning/json_splitter.h"
#include "provisioning/records.h"

namespace hss::provisioning {

class JsonRecords final : public RecordReader {
 public:
  JsonRecords(std::istream& in, const Settings& settings) : splitter_(in), settings_(settings) {}
  ~JsonRecords() override;
  bool next(Record& record) override;

 private:
  void read_subscription(const Json& object, Record& record) const;

  JsonSplitter splitter_;
  const Settings& settings_;
  std::string text_;
  bool any_ = false;
};

}  // namespace hss::provisioning
