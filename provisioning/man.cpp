// hssctl man: the tree of commands as a manual page.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <ostream>
#include <sstream>

#include "hss/ascii.h"
#include "provisioning/command_line.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

/// Text as roff takes it: backslashes and hyphens escaped, no line begins with a control character.
std::string roff(const std::string& text) {
  std::string out;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    line_start = c == '\n';
  }
  return out;
}

std::string name_of(const CLI::Option& option) {
  std::string text = option.nonpositional() ? option.get_name(false, true) : option.get_name(true);
  for (auto at = text.find(','); at != std::string::npos; at = text.find(',', at + 2)) text.insert(at + 1, " ");
  const std::string type = option.get_type_name();
  if (option.nonpositional() && !type.empty()) text += ' ' + type;
  return text;
}

void write_options(const CLI::App& app, std::ostream& out) {
  for (const CLI::Option* option : app.get_options()) {
    out << ".TP\n.B " << roff(name_of(*option)) << '\n' << roff(option->get_description()) << '\n';
  }
}

void write_footer(const CLI::App& app, std::ostream& out) {
  std::istringstream lines(app.get_footer());
  bool example = false;
  out << ".PP\n";
  for (std::string line; std::getline(lines, line);) {
    if (line == "Example:") {
      out << ".PP\nExample:\n.PP\n.nf\n";
      example = true;
    } else {
      out << roff(line) << '\n';
    }
  }
  if (example) out << ".fi\n";
}

void write_commands(const CLI::App& app, const std::string& path, std::ostream& out) {
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string name = path + ' ' + below->get_name();
    if (below->get_subcommands([](const CLI::App*) { return true; }).empty()) {
      out << ".SS " << roff(name) << '\n' << roff(below->get_description()) << '\n';
      write_options(*below, out);
      write_footer(*below, out);
    }
    write_commands(*below, name, out);
  }
}

void write_manual(const CLI::App& root, std::ostream& out) {
  out << ".TH HSSCTL 1 \"\" \"minihss " MINIHSS_VERSION
         "\"\n"
         ".SH NAME\nhssctl \\- provision an IMS HSS\n"
         ".SH SYNOPSIS\n.B hssctl\n[\\-C DIR] [\\-\\-json] COMMAND [ARGUMENT...]\n"
         ".SH DESCRIPTION\n"
      << roff(root.get_description()) << "\n.SH OPTIONS\n";
  write_options(root, out);
  out << ".SH COMMANDS\n";
  write_commands(root, "hssctl", out);
  out << ".SH \"EXIT STATUS\"\n0: done. 1: failed. 2: wrong command line. Errors are lines on standard error.\n"
         ".SH ENVIRONMENT\n.TP\n.B HSS_DIR\nthe directory when \\-C is not given\n"
         ".SH \"SEE ALSO\"\n.BR freeDiameterd (8)\n";
}

}  // namespace

void add_man(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("man", "print the manual page");
  app->footer("Example:\n  hssctl man | man -l -");
  app->action([&parent, &command] { write_manual(parent.tree(), command.out); });
}

}  // namespace hss::provisioning
