// The command line itself, and bad surroundings: each one clear line and an exit code.
// SPDX-License-Identifier: MIT
#include "provisioning/cli.h"

#include <gmock/gmock.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <ostream>

#include "directory.h"

namespace hss::provisioning {
namespace {

using ::testing::HasSubstr;

class CliTest : public Directory {};

TEST_F(CliTest, EveryVerbHasHelpWithAnExample) {
  const std::vector<std::vector<std::string>> verbs{{},
                                                    {"init"},
                                                    {"subscriber"},
                                                    {"subscriber", "add"},
                                                    {"subscriber", "show"},
                                                    {"subscriber", "list"},
                                                    {"subscriber", "set"},
                                                    {"subscriber", "remove"},
                                                    {"profile"},
                                                    {"profile", "set"},
                                                    {"profile", "list"},
                                                    {"profile", "show"},
                                                    {"profile", "remove"},
                                                    {"apn"},
                                                    {"apn", "set"},
                                                    {"apn", "list"},
                                                    {"apn", "show"},
                                                    {"apn", "remove"},
                                                    {"deregister"},
                                                    {"push"},
                                                    {"push", "send"},
                                                    {"push", "list"},
                                                    {"push", "show"},
                                                    {"psi"},
                                                    {"psi", "add"},
                                                    {"psi", "list"},
                                                    {"psi", "set"},
                                                    {"psi", "remove"},
                                                    {"explain"},
                                                    {"explain", "uar"},
                                                    {"explain", "mar"},
                                                    {"explain", "sar"},
                                                    {"explain", "lir"},
                                                    {"explain", "swx-mar"},
                                                    {"explain", "swx-sar"},
                                                    {"import"},
                                                    {"export"},
                                                    {"backup"},
                                                    {"check"},
                                                    {"restore"},
                                                    {"reload"},
                                                    {"aka"},
                                                    {"aka", "vector"},
                                                    {"aka", "challenge"},
                                                    {"aka", "auts"},
                                                    {"shared-ifc"},
                                                    {"shared-ifc", "set"},
                                                    {"shared-ifc", "list"},
                                                    {"shared-ifc", "show"},
                                                    {"shared-ifc", "remove"},
                                                    {"profile", "preview"},
                                                    {"profile", "template"},
                                                    {"key", "rotate"},
                                                    {"completion"},
                                                    {"man"}};
  for (std::vector<std::string> verb : verbs) {
    verb.emplace_back("--help");
    const Outcome outcome = bare(verb);
    EXPECT_EQ(outcome.code, 0);
    EXPECT_THAT(outcome.out, HasSubstr("Example:")) << verb.front();
    EXPECT_EQ(outcome.err, "");
  }
}

TEST_F(CliTest, Version) {
  const Outcome outcome = bare({"--version"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, ::testing::MatchesRegex("hssctl [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(CliTest, TheDirectoryComesFromTheEnvironmentToo) {
  init();
  EXPECT_EQ(bare({"subscriber", "list"}).code, 2);
  ::setenv("HSS_DIR", directory_.c_str(), 1);
  EXPECT_EQ(bare({"subscriber", "list"}).code, 0);
  EXPECT_EQ(bare({"subscriber", "list", "-C", "/nonexistent"}).code, 1);
  ::unsetenv("HSS_DIR");
}

TEST_F(CliTest, ManualAndCompletionNameEveryCommand) {
  const std::string man = bare({"man"}).out;
  const std::string completion = bare({"completion", "bash"}).out;
  for (const char* name :
       {"subscriber add", "subscriber set", "profile remove", "import", "export", "init", "deregister", "push list",
        "push send", "psi add", "apn set", "explain mar", "explain swx\\-sar"}) {
    EXPECT_THAT(man, HasSubstr(std::string(".SS hssctl ") + name + '\n'));
  }
  EXPECT_THAT(man, HasSubstr("\\-\\-keys\\-file FILE"));
  EXPECT_THAT(completion, HasSubstr("'/subscriber/add') words='"));
  EXPECT_THAT(completion, HasSubstr("--dry-run"));
  const auto script = file("completion.bash", completion);
  EXPECT_EQ(std::system(("bash -n '" + script.string() + "'").c_str()), 0);
}

struct Surroundings {
  const char* name;
  std::function<void(const std::filesystem::path&)> spoil;
  std::vector<std::string> arguments;
  int code;
  std::string reason;
};

void PrintTo(const Surroundings& row, std::ostream* out) { *out << row.name; }

void write(const std::filesystem::path& file, const std::string& text) { std::ofstream(file) << text; }

class SurroundingsTest : public Directory, public ::testing::WithParamInterface<Surroundings> {};

TEST_P(SurroundingsTest, OneClearLine) {
  init();
  add("001010000000001", "491510000001");
  GetParam().spoil(directory_);
  const Outcome outcome = hssctl(GetParam().arguments);
  EXPECT_EQ(outcome.code, GetParam().code) << outcome.err;
  EXPECT_THAT(outcome.err, ::testing::StartsWith("hssctl: "));
  EXPECT_THAT(outcome.err, HasSubstr(GetParam().reason));
  EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1);
  EXPECT_EQ(outcome.out, "");
}

using Path = std::filesystem::path;
const std::vector<std::string> kList{"subscriber", "list"};

INSTANTIATE_TEST_SUITE_P(
    All, SurroundingsTest,
    ::testing::Values(
        Surroundings{"no_directory", [](const Path& d) { std::filesystem::remove_all(d); }, kList, 1,
                     "no such directory"},
        Surroundings{"no_settings", [](const Path& d) { std::filesystem::remove(d / "hss.toml"); }, kList, 1,
                     "hss.toml"},
        Surroundings{"unknown_setting", [](const Path& d) { write(d / "hss.toml", "[cx]\nmax_vector = 1\n"); }, kList,
                     1, "max_vector"},
        Surroundings{"no_database", [](const Path& d) { std::filesystem::remove(d / "hss.db"); }, kList, 1, "hss.db"},
        Surroundings{"empty_database", [](const Path& d) { write(d / "hss.db", ""); }, kList, 1, "hss.db"},
        Surroundings{"no_sqlite", [](const Path& d) { write(d / "hss.db", std::string(5000, 'x')); }, kList, 1,
                     "hss.db"},
        Surroundings{"newer_database",
                     [](const Path& d) {
                       sqlite3* raw = nullptr;
                       ASSERT_EQ(sqlite3_open((d / "hss.db").c_str(), &raw), SQLITE_OK);
                       ASSERT_EQ(sqlite3_exec(raw, "PRAGMA user_version = 9999", nullptr, nullptr, nullptr), SQLITE_OK);
                       sqlite3_close(raw);
                     },
                     kList, 1, "9999"},
        Surroundings{"no_key", [](const Path& d) { std::filesystem::remove(d / "master.key"); }, kList, 1,
                     "master.key"},
        Surroundings{"open_key", [](const Path& d) { ::chmod((d / "master.key").c_str(), 0644); }, kList, 1,
                     "chmod 600"},
        Surroundings{"broken_key", [](const Path& d) { write(d / "master.key", "12\n"); }, kList, 1, "master.key"},
        Surroundings{"other_key", [](const Path& d) { write(d / "master.key", std::string(64, '7') + "\n"); }, kList, 1,
                     "master key"},
        Surroundings{"no_file", [](const Path&) {}, {"import", "/nonexistent.csv"}, 1, "there is no such file"},
        Surroundings{"directory_as_file", [](const Path&) {}, {"import", "/tmp"}, 1, "is no regular file"},
        Surroundings{"no_command", [](const Path&) {}, {}, 2, "--help"},
        Surroundings{"unknown_command", [](const Path&) {}, {"subscriber", "frob"}, 2, "subscriber"},
        Surroundings{"missing_argument", [](const Path&) {}, {"subscriber", "show"}, 2, "ID is required"},
        Surroundings{"flag_with_value",
                     [](const Path&) {},
                     {"subscriber", "add", "--test-card=465b5ce8b199b49faa5f0a2ee238a6bc"},
                     2,
                     "add: --test-card: takes no value: see"},
        Surroundings{"unknown_option", [](const Path&) {}, {"import", "x", "--fast"}, 2, "unknown option --fast"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace hss::provisioning
