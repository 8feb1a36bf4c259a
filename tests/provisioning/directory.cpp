// SPDX-License-Identifier: MIT
#include "directory.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <sstream>

#include "provisioning/cli.h"

namespace hss::provisioning {

Directory::Directory() {
  ::unsetenv("HSS_DIR");
  std::string name = (std::filesystem::temp_directory_path() / "hssctl-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
  directory_ = root_ / "hss";
  extension_ = file("hss.fdx", "stands for the extension");
}

Directory::~Directory() {
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

Outcome Directory::bare(const std::vector<std::string>& arguments, const std::string& input) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  Outcome outcome;
  outcome.code = run(arguments, {.in = in,
                                 .out = out,
                                 .err = err,
                                 .err_is_terminal = false,
                                 .executable = root_ / "bin/hssctl",
                                 .directory = {},
                                 .json = false});
  outcome.out = out.str();
  outcome.err = err.str();
  return outcome;
}

Outcome Directory::hssctl(std::vector<std::string> arguments, const std::string& input) {
  arguments.insert(arguments.begin(), {"-C", directory_.string()});
  return bare(arguments, input);
}

Outcome Directory::done(std::vector<std::string> arguments, const std::string& input) {
  Outcome outcome = hssctl(std::move(arguments), input);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return outcome;
}

void Directory::init(const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"init", directory_.string(), "--extension", extension_.string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = bare(arguments);
  ASSERT_EQ(outcome.code, 0) << outcome.err;
}

void Directory::add(const std::string& imsi, const std::string& msisdn, const std::vector<std::string>& more) {
  std::vector<std::string> arguments{"subscriber", "add", "--imsi", imsi, "--msisdn", msisdn, "--k", kK, "--opc", kOpc};
  arguments.insert(arguments.end(), more.begin(), more.end());
  done(arguments);
}

std::filesystem::path Directory::file(const std::string& name, const std::string& text) const {
  std::ofstream(root_ / name, std::ios::binary) << text;
  return root_ / name;
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

}  // namespace hss::provisioning
