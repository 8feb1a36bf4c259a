// SPDX-License-Identifier: MIT
#include "provisioning/import_job.h"

#include <algorithm>
#include <deque>
#include <istream>

#include "db/turnstile.h"
#include "provisioning/announce.h"
#include "provisioning/apn/announce.h"
#include "provisioning/command.h"
#include "provisioning/import_check.h"
#include "provisioning/profile/served.h"
#include "provisioning/read_ahead.h"
#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::size_t kRecordsPerRead = 500;  // a snapshot of the store is not held for longer

/// One record on its way into the store.
struct Pending {
  Record record;
  Verdict verdict = Verdict::kAdd;
};

/// The number of pushes that were written with it.
std::size_t write_one(Store& store, Pending& pending) {
  db::Administration& administration = store.administration();
  if (const auto* service_profile = std::get_if<ProfileRecord>(&pending.record.content)) {
    profile::Served served(store, administration.served_with_profile(service_profile->name));
    administration.save_profile(service_profile->name, service_profile->xml);
    return served.announce().size();
  }
  if (const auto* set = std::get_if<SharedIfcRecord>(&pending.record.content)) {
    profile::Served served(store, administration.served_with_shared_ifc_set(set->name));
    administration.save_shared_ifc_set(set->name, set->id, set->xml);
    return served.announce().size();
  }
  if (const auto* record = std::get_if<ApnRecord>(&pending.record.content)) {
    administration.save_apn(record->apn.name, record->apn.configuration);
    return apn::announce(store, record->apn.name).size();
  }
  auto& subscriber = std::get<SubscriberRecord>(pending.record.content);
  if (pending.verdict == Verdict::kAdd) {
    administration.add(subscriber.draft);
    return 0;
  }
  const auto id = find_subscriber(store, subscriber.draft);
  const auto stored = id ? administration.read(*id, true) : std::nullopt;
  if (!stored) throw Failure("the subscriber has gone meanwhile");
  complete_from(stored->draft, subscriber);
  return replace_and_announce(store, *id, stored->draft, subscriber.draft).size();
}

class Writer {
 public:
  Writer(Store& store, ReadAhead& records, const Verdicts& verdicts, const ImportOptions& options, ImportReport& report)
      : store_(store), records_(records), verdicts_(verdicts), options_(options), report_(report) {}

  void write_all() {
    try {
      while (fill()) {
        write_some();
        if (options_.on_progress && !options_.on_progress(true, report_.written, report_.to_write())) {
          report_.stopped = report_.written < report_.to_write();
          if (report_.stopped) return;
        }
      }
    } catch (const std::exception& error) {
      report_.fault = (at_line_ > 0 ? "line " + std::to_string(at_line_) + ": " : "") + one_line(error.what());
    }
  }

 private:
  /// Takes what was read, outside any transaction. False when nothing is left to write.
  bool fill() {
    at_line_ = 0;
    while (pending_.size() < options_.rows_per_transaction) {
      std::vector<Record> records = records_.next();
      if (records.empty()) {
        if (index_ != verdicts_.size()) throw Failure("the file changed while it was read: import it again");
        break;
      }
      for (Record& record : records) {
        if (index_ == verdicts_.size() || !record.problems.empty()) {
          throw Failure("the file changed while it was read: import it again");
        }
        const Verdict verdict = verdicts_.at(index_++);
        if (verdict != Verdict::kAlreadyThere) pending_.push_back({std::move(record), verdict});
      }
    }
    return !pending_.empty();
  }

  void write_some() {
    std::size_t rows = 0;
    std::size_t pushes = 0;
    store_.database().write([&] {
      pushes = 0;
      const auto end = std::chrono::steady_clock::now() + options_.time_per_transaction;
      const std::size_t most = std::min(pending_.size(), options_.rows_per_transaction);
      for (rows = 0; rows < most;) {
        at_line_ = pending_[rows].record.line;
        pushes += write_one(store_, pending_[rows++]);
        if (std::chrono::steady_clock::now() >= end && turnstile_.is_taken()) break;
      }
      at_line_ = 0;
    });
    report_.written += rows;
    report_.pushes += pushes;
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(rows));
  }

  Store& store_;
  ReadAhead& records_;
  const Verdicts& verdicts_;
  const ImportOptions& options_;
  ImportReport& report_;
  db::Turnstile turnstile_{store_.database().file()};
  std::deque<Pending> pending_;
  std::size_t index_ = 0;
  std::size_t at_line_ = 0;
};

}  // namespace

void ProblemList::add(LineProblem problem) {
  ++count_;
  if (kept_.size() < kKept) kept_.push_back(std::move(problem));
}

std::vector<LineProblem> ProblemList::sorted() const {
  std::vector<LineProblem> problems = kept_;
  std::ranges::stable_sort(problems, {}, &LineProblem::line);
  return problems;
}

ImportReport import_records(Store& store, std::istream& in, Format format, const ImportOptions& options) {
  ImportReport report;
  const auto start = in.tellg();
  Verdicts verdicts;
  {
    ReadAhead records(read_records(in, format, store.settings()), kRecordsPerRead);
    ImportCheck check(store, options.update, report);
    do {
      const std::vector<Record> batch = records.next();
      store.database().read([&] {
        for (const Record& record : batch) verdicts.add(check.judge(record));
      });
      if (options.on_progress && !options.on_progress(false, verdicts.size(), 0)) {
        report.stopped = true;
        return report;
      }
    } while (!records.at_end());
    check.finish();
  }
  report.records = verdicts.size();
  if (report.problems.count() > 0 || options.dry_run) return report;
  in.clear();
  in.seekg(start);
  ReadAhead records(read_records(in, format, store.settings()),
                    std::min(kRecordsPerRead, options.rows_per_transaction));
  Writer(store, records, verdicts, options, report).write_all();
  return report;
}

}  // namespace hss::provisioning
