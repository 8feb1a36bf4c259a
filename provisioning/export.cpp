// hssctl export: every subscriber, as import reads them.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "provisioning/csv_records.h"
#include "provisioning/new_file.h"
#include "provisioning/progress.h"
#include "provisioning/store.h"
#include "provisioning/subscription_diff.h"
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

/// The line of a subscription; nullopt when CSV cannot say all of it.
std::optional<std::string> csv_line(const db::SubscriptionDraft& draft, bool with_keys, const Settings& settings) {
  if (draft.private_identities.size() != 1 || draft.key_sets.size() != 1 || draft.public_identities.empty()) {
    return std::nullopt;
  }
  const db::KeySetDraft& key_set = draft.key_sets.front();
  SubscriberFields fields;
  fields.imsi = draft.imsi;
  fields.msisdns = draft.msisdns;
  fields.impi = draft.private_identities.front().impi;
  for (const auto& identity : draft.public_identities) fields.impus.push_back(identity.impu);
  fields.k = KeyText(to_hex(key_set.k.reveal()));
  fields.opc = KeyText(to_hex(key_set.opc.reveal()));
  fields.amf = to_hex(key_set.amf);
  fields.sqn = sqn_text(key_set.seq, key_set.ind_bits);
  fields.ind_bits = std::to_string(key_set.ind_bits);
  fields.profile = draft.public_identities.front().service_profile;
  const auto again = make_draft(fields, settings);
  const auto* same = std::get_if<db::SubscriptionDraft>(&again);
  if (same == nullptr || first_difference(*same, draft)) return std::nullopt;

  std::string line = fields.imsi + ',' + csv_field(join(fields.msisdns, ";")) + ',' + csv_field(fields.impi) + ',' +
                     csv_field(join(fields.impus, " ")) + ',';
  if (with_keys) line += fields.k.text + ',' + fields.opc.text + ',';
  return line + fields.amf + ',' + fields.sqn + ',' + fields.ind_bits + ',' + csv_field(fields.profile) + "\r\n";
}

class Export {
 public:
  Export(Store& store, std::ostream& out, Format format, bool with_keys)
      : store_(store), out_(out), format_(format), with_keys_(with_keys) {}

  void write_all() {
    store_.database().read([&] {  // one snapshot
      if (format_ == Format::kJson) write_profiles();
      if (format_ == Format::kCsv) {
        out_ << "imsi,msisdn,impi,impus," << (with_keys_ ? "k,opc," : "") << "amf,sqn,ind_bits,profile\r\n";
      }
      SubscriptionId after = 0;
      for (auto page = store_.administration().list(after, kPage); !page.empty();
           page = store_.administration().list(after, kPage)) {
        for (const SubscriptionId id : page) write_one(id);
        after = page.back();
        if (!out_) throw Failure("the output cannot be written: see whether the disk is full");
        if (Interruptible::interrupted()) throw Failure("interrupted: the output is not whole; export again");
      }
    });
  }

  std::size_t written = 0;
  std::size_t left_out = 0;
  std::string first_left_out;

 private:
  void write_profiles() {
    for (const std::string& name : store_.administration().profiles()) {
      const std::string xml = store_.administration().profile(name).value_or("");
      out_ << compact({{"service_profile", {{"name", name}, {"xml", xml}}}}) << '\n';
    }
  }

  void write_one(SubscriptionId id) {
    const auto stored = store_.administration().read(id, with_keys_);
    if (!stored) return;
    if (format_ == Format::kJson) {
      out_ << compact(to_json(stored->draft, with_keys_)) << '\n';
    } else if (const auto line = csv_line(stored->draft, with_keys_, store_.settings())) {
      out_ << *line;
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
};

void run_export(const Options& options, Command& command) {
  Store store(command.directory);
  const bool named_json = options.file.ends_with(".json") || options.file.ends_with(".jsonl");
  const bool json = options.format.empty() ? named_json || command.json : options.format == "json";
  const Interruptible interruptible;  // no half-written file with keys stays behind
  std::optional<NewFile> file;
  if (!options.file.empty() && options.file != "-") file.emplace(options.file);
  if (options.with_keys) {
    command.err << "hssctl: export: K and OPc are written in clear: keep the output where nobody else can read it\n";
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

void add_export(CLI::App& parent, Command& command) {
  CLI::App* app = parent.add_subcommand("export", "write all subscribers as CSV or JSON");
  const auto options = std::make_shared<Options>();
  app->add_option("-o,--output", options->file, "write to this file (mode 0600), whole or not at all")
      ->type_name("FILE");
  app->add_option("--format", options->format, "csv or json; left out: by the name of the file, else csv")
      ->check(CLI::IsMember({"csv", "json"}))
      ->type_name("FORMAT");
  app->add_flag("--with-keys", options->with_keys, "write K and OPc too, in clear");
  app->footer(
      "JSON is one object a line, first the service profiles, and says everything; CSV holds subscribers with one\n"
      "private identity and one implicit set. Without keys, import finds the keys where the subscriber is stored.\n"
      "Example:\n"
      "  hssctl -C ./hss export --with-keys -o backup.json");
  app->final_callback([options, &command] { run_export(*options, command); });
}

}  // namespace hss::provisioning
