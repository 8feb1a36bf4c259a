// hssctl import: a file of subscribers, all or nothing.
// SPDX-License-Identifier: MIT
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "provisioning/command_line.h"
#include "provisioning/import_job.h"
#include "provisioning/json.h"
#include "provisioning/progress.h"
#include "provisioning/text.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

constexpr std::size_t kPrinted = 50;

struct Options {
  std::string file;
  std::string format;
  bool dry_run = false;
  bool update = false;
};

/// The file, or standard input held in memory: it is read twice.
std::unique_ptr<std::istream> open_input(const Options& options, Command& command) {
  if (options.file == "-") {
    auto held = std::make_unique<std::stringstream>();
    *held << command.in.rdbuf();
    held->clear();  // of an empty input
    return held;
  }
  std::error_code error;
  const std::string name = printable(options.file);
  if (!std::filesystem::exists(options.file, error)) throw Failure(name + ": there is no such file: check its name");
  if (!std::filesystem::is_regular_file(options.file, error)) {
    throw Failure(name + ": is no regular file: give one, or - for standard input");
  }
  auto file = std::make_unique<std::ifstream>(options.file, std::ios::binary);
  if (!*file) throw Failure(name + ": cannot be read: check its owner and mode");
  return file;
}

Json to_json(const ImportReport& report, bool dry_run) {
  Json json;
  json["records"] = report.records;
  json["dry_run"] = dry_run;
  json["to_add"] = report.to_add;
  json["to_change"] = report.to_change;
  json["already_there"] = report.already_there;
  json["written"] = report.written;
  json["pushes"] = report.pushes;
  json["problem_count"] = report.problems.count();
  json["problems"] = Json::array();
  for (const LineProblem& problem : report.problems.sorted()) {
    json["problems"].push_back(
        {{"line", problem.line}, {"column", problem.column}, {"reason", without_keys(problem.reason)}});
  }
  return json;
}

void print_problems(const ImportReport& report, const std::string& file, Command& command) {
  const auto problems = report.problems.sorted();
  for (std::size_t i = 0; i < std::min(kPrinted, problems.size()); ++i) {
    command.err << "hssctl: import: " << file << ": line " << problems[i].line << ", column "
                << printable(problems[i].column) << ": " << without_keys(printable(problems[i].reason)) << '\n';
  }
  if (report.problems.count() > kPrinted) {
    command.err << "hssctl: import: " << file << ": and " << report.problems.count() - kPrinted << " more\n";
  }
}

void run_import(const Options& options, Command& command) {
  Store store(command.directory);
  const auto in = open_input(options, command);
  const std::string file = without_keys(printable(options.file));
  Format format = detect_format(*in);
  if (!options.format.empty()) format = options.format == "json" ? Format::kJson : Format::kCsv;

  const Interruptible interruptible;
  Progress progress(command.err, command.err_is_terminal);
  ImportOptions job{.dry_run = options.dry_run, .update = options.update, .on_progress = {}};
  job.on_progress = [&](bool writing, std::size_t done, std::size_t total) {
    progress.show(writing ? "writing" : "checking", done, total);
    return !Interruptible::interrupted();
  };
  ImportReport report;
  try {
    report = import_records(store, *in, format, job);
  } catch (const RecordsError& error) {
    progress.clear();
    throw Failure(file + ": " + error.what() + " (nothing was imported)");
  }
  progress.clear();

  if (command.json) command.out << compact(to_json(report, options.dry_run)) << '\n';
  if (report.problems.count() > 0) {
    print_problems(report, file, command);
    throw Failure(file + ": " + count_of(report.problems.count(), "problem") +
                  ": nothing was imported; correct the file and import it again");
  }
  const std::string progress_made =
      std::to_string(report.written) + " of " + std::to_string(report.to_write()) + " written";
  if (!report.fault.empty()) {
    throw Failure(file + ": " + report.fault + ": " + progress_made + "; repeat the same command to go on");
  }
  if (report.stopped) {
    throw Failure(file + ": interrupted: " + progress_made + "; repeat the same command to go on");
  }
  if (command.json) return;
  command.out << (options.dry_run ? "nothing wrong, nothing written; it would add " : "added ") << report.to_add;
  if (report.to_change > 0) command.out << (options.dry_run ? ", change " : ", changed ") << report.to_change;
  command.out << ", already there " << report.already_there << '\n';
  if (report.pushes > 0) {
    command.out << "S-CSCFs and AAA servers are told: " << count_of(report.pushes, "request")
                << " (see 'hssctl push list')\n";
  }
}

}  // namespace

void add_import(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("import", "read subscribers from a CSV or JSON file, all or nothing");
  const auto options = std::make_shared<Options>();
  app->add_option("FILE", options->file, "the file; - is standard input")->required()->type_name("");
  app->add_flag("--dry-run", options->dry_run, "check everything, write nothing");
  app->add_flag("--update", options->update,
                "change subscribers that are stored and differ, rather than refuse the file");
  app->add_option("--format", options->format, "csv or json; left out: seen from the file")
      ->one_of({"csv", "json"})
      ->type_name("FORMAT");
  app->footer(
      "CSV: the first line names the columns, in any order: imsi,msisdn,impi,impus,k,opc,op,amf,sqn,ind_bits,profile;\n"
      "algorithm,topc,top,tuak_iterations,res_length,milenage_constants,test_card (yes); scheme,sip_digest_realm,ha1,\n"
      "ha1_sha256,sip_password (only its hashes are stored),framed_address,line_identifiers; alias_group,\n"
      "service_priority,display_name; primary_event_charging,secondary_event_charging,primary_collection_charging,\n"
      "secondary_collection_charging; non_3gpp (allowed, barred, none),apns,static_addresses (apn=address),\n"
      "non_3gpp_apns,forbidden_rats,non_3gpp_networks,session_timeout,ue_ambr (up:down),charging_characteristics.\n"
      "Several msisdn and the like are separated by ';', several impus by ';' or blanks. ki is k. What is left out\n"
      "is derived.\n"
      "JSON: objects as 'hssctl export --format json' writes them, one after the other or in an array.\n"
      "The file is checked whole first: if anything is wrong, nothing is imported. Lines that are stored already are\n"
      "skipped, so an import that was interrupted can simply be repeated.\n"
      "Example:\n"
      "  hssctl -C ./hss import --dry-run cards.csv && hssctl -C ./hss import cards.csv");
  app->action([options, &command] { run_import(*options, command); });
}

}  // namespace hss::provisioning
