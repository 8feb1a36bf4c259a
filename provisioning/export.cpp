// hssctl export: every subscriber, as import reads them.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <set>

#include "provisioning/apn/apn_json.h"
#include "provisioning/command_line.h"
#include "provisioning/csv_records.h"
#include "provisioning/new_file.h"
#include "provisioning/progress.h"
#include "provisioning/store.h"
#include "provisioning/subscription_json.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

constexpr std::size_t kPage = 500;

struct Options {
  std::string file;
  std::string format;
  bool with_keys = false;
};

class Export {
 public:
  Export(Store& store, std::ostream& out, Format format, bool with_keys)
      : store_(store), out_(out), format_(format), with_keys_(with_keys) {}

  void write_all() {
    store_.database().read([&] {  // one snapshot
      if (format_ == Format::kJson) write_templates();
      if (format_ == Format::kCsv) {
        choose_columns();
        write_line([](const CsvColumn& column) { return std::string(column.name); });
      }
      each([&](SubscriptionId id) { write_one(id); });
    });
  }

  std::size_t written = 0;
  std::size_t left_out = 0;
  std::string first_left_out;

 private:
  /// Every subscription of the snapshot.
  void each(const std::function<void(SubscriptionId)>& work) {
    SubscriptionId after = 0;
    for (auto page = store_.administration().list(after, kPage); !page.empty();
         page = store_.administration().list(after, kPage)) {
      for (const SubscriptionId id : page) work(id);
      after = page.back();
      if (!out_) throw Failure("the output cannot be written: see whether the disk is full");
      if (Interruptible::interrupted()) throw Failure("interrupted: the output is not whole; export again");
    }
  }

  /// The usual columns, and those that somebody needs.
  void choose_columns() {
    std::set<const CsvColumn*> used;
    each([&](SubscriptionId id) {
      const auto stored = store_.administration().read(id, false);
      const auto fields = stored ? csv_fields(stored->draft, false, store_.settings()) : std::nullopt;
      if (!fields) return;
      for (const CsvColumn& column : csv_columns()) {
        if (!column.get(*fields).empty()) used.insert(&column);
      }
    });
    using Written = CsvColumn::Written;
    const bool digest = std::ranges::any_of(used, [](const CsvColumn* column) { return column->name == "ha1"; });
    for (const CsvColumn& column : csv_columns()) {
      const bool is_used = used.contains(&column) || (digest && column.name == "ha1_sha256");
      const bool wanted = column.written == Written::kAlways || (column.written == Written::kWithKeys && with_keys_) ||
                          (column.written == Written::kWhenUsed && is_used) ||
                          (column.written == Written::kWhenUsedAndKeys && is_used && with_keys_);
      if (wanted) columns_.push_back(&column);
    }
  }

  void write_line(const std::function<std::string(const CsvColumn&)>& field) {
    for (std::size_t i = 0; i < columns_.size(); ++i) out_ << (i == 0 ? "" : ",") << csv_field(field(*columns_[i]));
    out_ << "\r\n";
  }

  void write_templates() {
    for (const auto& set : store_.administration().shared_ifc_sets()) {
      out_ << compact({{"shared_ifc_set", {{"name", set.name}, {"id", set.id}, {"xml", set.xml}}}}) << '\n';
    }
    for (const std::string& name : store_.administration().profiles()) {
      const std::string xml = store_.administration().profile(name).value_or("");
      out_ << compact({{"service_profile", {{"name", name}, {"xml", xml}}}}) << '\n';
    }
    for (const auto& apn : store_.administration().apns()) out_ << compact({{"apn", apn_to_json(apn)}}) << '\n';
  }

  void write_one(SubscriptionId id) {
    const auto stored = store_.administration().read(id, with_keys_);
    if (!stored) return;
    if (format_ == Format::kJson) {
      out_ << compact(to_json(stored->draft, with_keys_)) << '\n';
    } else if (const auto fields = csv_fields(stored->draft, with_keys_, store_.settings())) {
      write_line([&](const CsvColumn& column) { return column.get(*fields); });
    } else {
      if (left_out++ == 0) {
        first_left_out = stored->draft.private_identities.empty() ? "" : stored->draft.private_identities.front().impi;
      }
      return;
    }
    ++written;
  }

  Store& store_;
  std::ostream& out_;
  Format format_;
  bool with_keys_;
  std::vector<const CsvColumn*> columns_;  // CSV
};

void run_export(const Options& options, Command& command) {
  Store store(command.directory);
  const bool named_json = options.file.ends_with(".json") || options.file.ends_with(".jsonl");
  const bool json = options.format.empty() ? named_json || command.json : options.format == "json";
  const Interruptible interruptible;  // no half-written file with keys stays behind
  std::optional<NewFile> file;
  if (!options.file.empty() && options.file != "-") file.emplace(options.file);
  if (options.with_keys) {
    command.err << "hssctl: export: K and OPc are written in clear, and TOPc and HA1 where there are some: keep the "
                   "output where nobody else can read it\n";
  }
  Export work(store, file ? file->out() : command.out, json ? Format::kJson : Format::kCsv, options.with_keys);
  work.write_all();
  if (work.left_out > 0) {
    throw Failure((file ? "nothing was written: " : "") + count_of(work.left_out, "subscriber") +
                  " left out, for they hold more than CSV can say (the first: " + printable(work.first_left_out) +
                  "): use --format json");
  }
  if (!file) return;
  file->keep();
  if (command.json) {
    command.out << compact({{"file", options.file}, {"written", work.written}}) << '\n';
  } else {
    command.out << "wrote " << count_of(work.written, "subscriber") << " to " << printable(options.file) << '\n';
  }
}

}  // namespace

void add_export(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("export", "write all subscribers as CSV or JSON");
  const auto options = std::make_shared<Options>();
  app->add_option("-o,--output", options->file, "write to this file (mode 0600), whole or not at all")
      ->type_name("FILE");
  app->add_option("--format", options->format, "csv or json; left out: by the name of the file, else csv")
      ->one_of({"csv", "json"})
      ->type_name("FORMAT");
  app->add_flag("--with-keys", options->with_keys, "write K, OPc, TOPc and HA1 too, in clear");
  app->footer(
      "JSON is one object a line, first shared criteria, service profiles and APNs, and says everything; CSV holds\n"
      "subscribers with one private identity and one implicit set. Without keys, import finds the keys where the\n"
      "subscriber is stored.\n"
      "Example:\n"
      "  hssctl -C ./hss export --with-keys -o backup.json");
  app->action([options, &command] { run_export(*options, command); });
}

}  // namespace hss::provisioning
