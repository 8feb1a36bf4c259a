// SPDX-License-Identifier: MIT
#include "provisioning/read_ahead.h"

#include <algorithm>
#include <utility>

namespace hss::provisioning {

ReadAhead::ReadAhead(std::unique_ptr<RecordReader> reader, std::size_t batch)
    : reader_(std::move(reader)), batch_(std::max<std::size_t>(batch, 1)) {
  begin();
}

void ReadAhead::begin() {
  reading_ = std::async(std::launch::async, [this] { return read(); });
}

std::vector<Record> ReadAhead::read() const {
  std::vector<Record> records;
  records.reserve(batch_);
  for (Record record; records.size() < batch_ && reader_->next(record);) records.push_back(std::move(record));
  return records;
}

std::vector<Record> ReadAhead::next() {
  if (at_end()) return {};
  std::vector<Record> records = reading_.get();
  if (records.size() == batch_) begin();
  return records;
}

}  // namespace hss::provisioning
