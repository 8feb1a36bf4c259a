// The command line of a program: verbs with options. The parser is CLI11; its header takes a compiler longer than any
// file of ours, so it stays behind this one.
// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace hss::cli {

/// The command line is wrong: one line. CLI11 quotes what it cannot place or read, and that may be a key; here only
/// names of options are repeated.
class WrongCommandLine : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An option, or an argument without a name. Each setter returns it again.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option* required();
  /// What stands for the value in the help; empty: nothing.
  Option* type_name(const std::string& text);
  Option* group(const std::string& heading);
  Option* environment_variable(const std::string& name);
  /// The help shows the value that holds when the option is left out.
  Option* show_default();
  /// Of a list: each use takes one value, however many follow.
  Option* one_value_each();
  Option* one_of(const std::vector<std::string>& words);
  /// Inclusive.
  Option* between(std::integral auto lowest, std::integral auto highest) {
    return between_integers(static_cast<std::uint64_t>(lowest), static_cast<std::uint64_t>(highest));
  }
  Option* between(double lowest, double highest);
  Option* excludes(const Option* other);

 private:
  Option* between_integers(std::uint64_t lowest, std::uint64_t highest);

  CLI::Option* option_;
};

/// A program, a group of verbs, or a verb. What values are written to must outlive the reading of the command line.
class App {
 public:
  /// A program, with -h and --help.
  App(const std::string& name, const std::string& description);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  void set_version(const std::string& text);
  /// A verb must follow.
  void require_verb();
  /// Options of this one may stand after a verb too.
  void share_options();
  App* add_verb(const std::string& name, const std::string& description);
  /// Text at the end of the help, lines with their breaks.
  void footer(const std::string& text);

  /// `name`: "--long", "-s,--long"; without hyphens it is an argument by its place. `T` is one of the
  /// types instantiated in command_line.cpp: numbers and texts, optional ones, vectors of texts.
  template <typename T>
  Option* add_option(const std::string& name, T& value, const std::string& description);
  Option* add_flag(const std::string& name, bool& value, const std::string& description);
  /// An option that may stand without its value: `given` says that it stands there.
  Option* add_optional_value(const std::string& name, bool& given, std::string& value, const std::string& description);
  /// Takes an option away; nothing happens when there is none.
  void remove_option(const std::string& name);
  void describe_option(const std::string& name, const std::string& description);
  /// The help has the options that are added from now on below this heading; "Options" is the usual one.
  void heading(const std::string& text);

  /// What the verb does, once the whole command line is read.
  void action(std::function<void()> work);
  /// Reads the arguments, without the program's name, and does what they ask for. Prints help and version to `out`.
  /// Throws WrongCommandLine, and what the actions throw.
  void run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err);
  /// "subscriber add": how far the reading came.
  [[nodiscard]] std::string reached() const;

  /// For those that walk the tree of verbs.
  [[nodiscard]] const CLI::App& tree() const { return *app_; }

 private:
  explicit App(CLI::App* below);
  Option* keep(CLI::Option* option);

  std::unique_ptr<CLI::App> owned_;  // of a program
  CLI::App* app_;
  std::vector<std::unique_ptr<App>> verbs_;
  std::vector<std::unique_ptr<Option>> options_;
};

}  // namespace hss::cli
