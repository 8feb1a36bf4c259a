// hssctl completion bash: the tree of commands as a completion for bash.
// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <memory>
#include <ostream>

#include "provisioning/command_line.h"
#include "provisioning/verbs.h"

namespace hss::provisioning {
namespace {

/// Words that may follow a command: the commands and options below it, the options that every command takes.
std::string words_of(const CLI::App& app, const CLI::App& root) {
  std::string words;
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    words += below->get_name() + ' ';
  }
  for (const CLI::App* at : {&app, &root}) {
    for (const CLI::Option* option : at->get_options()) {
      if (option->nonpositional()) {
        for (const std::string& name : option->get_lnames()) words += "--" + name + ' ';
      }
    }
    if (&app == &root) break;
  }
  return words;
}

void write_cases(const CLI::App& app, const CLI::App& root, const std::string& path, std::ostream& out) {
  out << "    '" << path << "') words='" << words_of(app, root) << "' ;;\n";
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    write_cases(*below, root, path + '/' + below->get_name(), out);
  }
}

/// The paths of all commands, so that the shell can tell a command from an argument.
void write_paths(const CLI::App& app, const std::string& path, std::ostream& out) {
  for (const CLI::App* below : app.get_subcommands([](const CLI::App*) { return true; })) {
    out << ' ' << path << '/' << below->get_name();
    write_paths(*below, path + '/' + below->get_name(), out);
  }
}

void write_bash(const CLI::App& root, std::ostream& out) {
  out << "# bash completion for hssctl\n"
         "_hssctl() {\n"
         "  local current=\"${COMP_WORDS[COMP_CWORD]}\" path='' words='' word i\n"
         "  local paths='";
  write_paths(root, "", out);
  out << " '\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    word=\"${COMP_WORDS[i]}\"\n"
         "    [[ \"$paths\" == *\" $path/$word \"* ]] && path=\"$path/$word\"\n"
         "  done\n"
         "  case \"$path\" in\n";
  write_cases(root, root, "", out);
  out << "  esac\n"
         "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "}\n"
         "complete -o default -F _hssctl hssctl\n";
}

}  // namespace

void add_completion(cli::App& parent, Command& command) {
  cli::App* app = parent.add_verb("completion", "print a completion script for a shell");
  const auto shell = std::make_shared<std::string>();
  app->add_option("SHELL", *shell, "bash")->required()->type_name("")->one_of({"bash"});
  app->footer("Example:\n  source <(hssctl completion bash)");
  // The option writes to `shell` when the command line is read: it must live as long as the callback.
  app->action([shell, &parent, &command] { write_bash(parent.tree(), command.out); });
}

}  // namespace hss::provisioning
