// The import itself, apart from its command line: a file is checked whole, then written in short transactions between
// which a running server gets its turn.
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "provisioning/records.h"
#include "provisioning/store.h"

namespace hss::provisioning {

/// What is wrong with one line of the file.
struct LineProblem {
  std::size_t line = 0;
  std::string column;
  std::string reason;
};

/// All problems counted, the first ones kept.
class ProblemList {
 public:
  static constexpr std::size_t kKept = 1000;
  void add(LineProblem problem);
  [[nodiscard]] std::size_t count() const { return count_; }
  /// By line.
  [[nodiscard]] std::vector<LineProblem> sorted() const;

 private:
  std::vector<LineProblem> kept_;
  std::size_t count_ = 0;
};

struct ImportOptions {
  bool dry_run = false;
  bool update = false;  // a stored subscriber that differs is changed, rather than refused
  // A transaction ends with so many rows, or when somebody waits and it has had its time: so long may a MAR wait.
  // While nobody does, it goes on, for every commit costs a disk write.
  std::size_t rows_per_transaction = 1000;
  std::chrono::milliseconds time_per_transaction{15};
  /// Called now and then with how far it is, after each transaction while it writes; false stops the import there.
  std::function<bool(bool writing, std::size_t done, std::size_t total)> on_progress;
};

struct ImportReport {
  std::size_t records = 0;        // subscribers and profiles in the file
  std::size_t already_there = 0;  // as they stand in the file
  std::size_t to_add = 0;
  std::size_t to_change = 0;
  std::size_t written = 0;  // of to_add + to_change
  std::size_t pushes = 0;   // requests to S-CSCFs and AAA servers that these changes asked for
  ProblemList problems;     // any: nothing was written
  bool stopped = false;     // on_progress said so
  std::string fault;        // why writing ended early; empty: it did not
  [[nodiscard]] std::size_t to_write() const { return to_add + to_change; }
};

/// `in` is read twice, from its present position: it must be able to go back. Throws RecordsError when the file makes
/// no sense as a whole; faults of the store before the first write are thrown as they are.
ImportReport import_records(Store& store, std::istream& in, Format format, const ImportOptions& options);

}  // namespace hss::provisioning
