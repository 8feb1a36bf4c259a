// Reads records on a thread of its own while those before them are worked on: parsing a file costs about as much as the
// store does.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <future>
#include <memory>
#include <vector>

#include "provisioning/records.h"

namespace hss::provisioning {

class ReadAhead {
 public:
  /// Nobody else may use what the reader reads until next() has come to the end, or this goes.
  explicit ReadAhead(std::unique_ptr<RecordReader> reader, std::size_t batch = 1000);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// The next records, a batch at the most; empty at the end. Throws what RecordReader::next throws.
  std::vector<Record> next();
  /// True when next() has nothing more, and nothing is being read.
  [[nodiscard]] bool at_end() const { return !reading_.valid(); }

 private:
  [[nodiscard]] std::vector<Record> read() const;
  void begin();

  std::unique_ptr<RecordReader> reader_;
  std::size_t batch_;
  std::future<std::vector<Record>> reading_;  // goes first, and waits for its thread
};

}  // namespace hss::provisioning
