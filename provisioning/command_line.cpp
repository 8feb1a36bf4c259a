// SPDX-License-Identifier: MIT
#include "provisioning/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <ostream>
#include <sstream>

#include "provisioning/text.h"

namespace hss::cli {
namespace {

using provisioning::one_line;
using provisioning::printable;

std::string name_of(const std::string& argument) { return argument.substr(0, argument.find('=')); }

std::string value_of(const std::string& argument) {
  const auto equals = argument.find('=');
  return argument.substr(equals == std::string::npos ? 0 : equals + 1);
}

std::string words_of(const CLI::ExtrasError& error, const std::vector<std::string>& arguments) {
  const std::string text = error.what();
  for (const std::string& argument : arguments) {
    if (argument.size() > 1 && argument.front() == '-' && text.find(argument) != std::string::npos) {
      return "unknown option " + printable(name_of(argument));
    }
  }
  return "there is an argument too many, or an unknown command";
}

std::string words_of(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  if (const auto* extras = dynamic_cast<const CLI::ExtrasError*>(&error)) return words_of(*extras, arguments);
  const std::string text = one_line(error.what());
  constexpr std::string_view kFlagWithValue = " was given a disallowed flag override";
  if (const auto at = text.find(kFlagWithValue); at != std::string::npos) {
    return "--" + text.substr(0, at) + ": takes no value";
  }
  // A value that is refused is quoted. Every argument that could be a key is long.
  const bool quotes = std::ranges::any_of(arguments, [&](const std::string& argument) {
    const std::string value = value_of(argument);
    return value.size() >= 16 && text.find(value) != std::string::npos;
  });
  if (quotes) return "an argument has a wrong value";
  return text == "A subcommand is required" ? "no command, or none of that name" : text;
}

constexpr std::size_t kHelpWidth = 100;

/// Breaks at spaces where a line would become longer than `width`.
std::string folded(const std::string& text, std::size_t width) {
  std::string out;
  std::size_t used = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::size_t length = end - begin;
    const bool breaks = used != 0 && used + 1 + length > width;
    if (used != 0) out += breaks ? '\n' : ' ';
    out.append(text, begin, length);
    used = breaks || used == 0 ? length : used + 1 + length;
    begin = end + 1;
  }
  return out;
}

/// CLI11's own leaves the folding of long descriptions to the terminal.
class Help : public CLI::Formatter {
 public:
  Help() { label("REQUIRED", "(required)"); }

  std::string make_option_desc(const CLI::Option* option) const override {
    return folded(option->get_description(), kHelpWidth - get_column_width());
  }
  std::string make_subcommand(const CLI::App* verb) const override {
    std::stringstream out;
    CLI::detail::format_help(out, verb->get_display_name(true),
                             folded(verb->get_description(), kHelpWidth - get_column_width()), get_column_width());
    return out.str();
  }
  std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
    return CLI::detail::find_and_replace(CLI::Formatter::make_help(app, std::move(name), mode), "\n\n\n", "\n\n");
  }
};

}  // namespace

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::type_name(const std::string& text) {
  option_->type_name(text);
  return this;
}

Option* Option::group(const std::string& heading) {
  option_->group(heading);
  return this;
}

Option* Option::environment_variable(const std::string& name) {
  option_->envname(name);
  return this;
}

Option* Option::show_default() {
  option_->capture_default_str();
  return this;
}

Option* Option::one_value_each() {
  option_->allow_extra_args(false);
  return this;
}

Option* Option::one_of(const std::vector<std::string>& words) {
  option_->check(CLI::IsMember(words));
  return this;
}

Option* Option::between_integers(std::uint64_t lowest, std::uint64_t highest) {
  option_->check(CLI::Range(lowest, highest).description(""));
  return this;
}

Option* Option::between(double lowest, double highest) {
  option_->check(CLI::Range(lowest, highest).description(""));
  return this;
}

Option* Option::excludes(const Option* other) {
  option_->excludes(other->option_);
  return this;
}

App::App(const std::string& name, const std::string& description)
    : owned_(std::make_unique<CLI::App>(description, name)), app_(owned_.get()) {
  app_->formatter(std::make_shared<Help>());
  app_->set_help_flag("-h,--help", "print this help");
}

App::App(CLI::App* below) : app_(below) {}

App::~App() = default;

Option* App::keep(CLI::Option* option) { return options_.emplace_back(std::make_unique<Option>(option)).get(); }

void App::set_version(const std::string& text) { app_->set_version_flag("--version", text, "print the version"); }

void App::require_verb() { app_->require_subcommand(1); }

void App::share_options() { app_->fallthrough(); }

App* App::add_verb(const std::string& name, const std::string& description) {
  return verbs_.emplace_back(std::unique_ptr<App>(new App(app_->add_subcommand(name, description)))).get();
}

void App::footer(const std::string& text) { app_->footer(text); }

template <typename T>
Option* App::add_option(const std::string& name, T& value, const std::string& description) {
  return keep(app_->add_option(name, value, description));
}
template Option* App::add_option(const std::string&, std::string&, const std::string&);
template Option* App::add_option(const std::string&, std::vector<std::string>&, const std::string&);
template Option* App::add_option(const std::string&, std::uint16_t&, const std::string&);
template Option* App::add_option(const std::string&, std::uint32_t&, const std::string&);
template Option* App::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option* App::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* App::add_option(const std::string&, double&, const std::string&);
template Option* App::add_option(const std::string&, std::optional<std::string>&, const std::string&);
template Option* App::add_option(const std::string&, std::optional<std::uint32_t>&, const std::string&);

Option* App::add_flag(const std::string& name, bool& value, const std::string& description) {
  return keep(app_->add_flag(name, value, description)->disable_flag_override());
}

Option* App::add_optional_value(const std::string& name, bool& given, std::string& value,
                                const std::string& description) {
  const auto take = [&given, &value](const std::vector<std::string>& values) {
    given = true;
    if (!values.empty() && values.front() != "{}") value = values.front();  // "{}": how CLI11 says that there is none
  };
  return keep(app_->add_option_function<std::vector<std::string>>(name, take, description)->expected(0, 1));
}

void App::remove_option(const std::string& name) {
  if (CLI::Option* option = app_->get_option_no_throw(name)) app_->remove_option(option);
}

void App::describe_option(const std::string& name, const std::string& description) {
  app_->get_option(name)->description(description);
}

void App::heading(const std::string& text) { app_->option_defaults()->group(text); }

void App::action(std::function<void()> work) { app_->final_callback(std::move(work)); }

void App::run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app_->parse(reversed);
  } catch (const CLI::Success& wanted) {  // --help, --version
    app_->exit(wanted, out, err);
  } catch (const CLI::ParseError& error) {
    throw WrongCommandLine(words_of(error, arguments));
  }
}

std::string App::reached() const {
  std::string path;
  for (const CLI::App* at = app_; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    path += (path.empty() ? "" : " ") + at->get_name();
  }
  return path;
}

}  // namespace hss::cli
