// Subscribers in JSON: objects as export writes them, one after the other or in an array. An object with one member,
// service_profile or shared_ifc_set, holds such a one.
// SPDX-License-Identifier: MIT
#pragma once

#include "provisioning/json_splitter.h"
#include "provisioning/records.h"

namespace hss::provisioning {

class JsonRecords final : public RecordReader {
 public:
  explicit JsonRecords(std::istream& in) : splitter_(in) {}
  ~JsonRecords() override;
  bool next(Record& record) override;

 private:
  JsonSplitter splitter_;
  std::string text_;
  bool any_ = false;
};

}  // namespace hss::provisioning
