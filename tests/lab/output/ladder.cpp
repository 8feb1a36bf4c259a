// Two parties and what goes between them in front of each line, so that a ladder of six parties fits 80 columns.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <ostream>

#include "tests/lab/output/reading.h"
#include "tests/lab/output/text.h"
#include "tests/lab/outputs.h"

namespace hss::lab {
namespace {

constexpr std::size_t kWidth = 110;
constexpr std::size_t kTitleColumn = 20;  // "P-CSCF -> S-CSCF" and the mark of a problem
constexpr std::size_t kIndent = 4;
constexpr std::size_t kLongestName = 28;

constexpr const char* kBold = "\033[1m";
constexpr const char* kDim = "\033[2m";
constexpr const char* kRed = "\033[1;31m";
constexpr const char* kYellow = "\033[33m";
constexpr const char* kGreen = "\033[32m";
constexpr const char* kPlain = "\033[0m";

class Ladder final : public Trace {
 public:
  Ladder(std::ostream& out, const OutputOptions& options) : out_(out), options_(options) {}

  void add(const Event& event) override {
    const Reading reading = read(event, options_.show_secrets);
    print_head(event, reading);
    Details details = reading.details;
    if (reading.message)
      std::ranges::move(what_matters(*reading.message, options_.show_secrets), std::back_inserter(details));
    print_details(details);
    out_.flush();
  }

 private:
  [[nodiscard]] std::string coloured(const char* colour, const std::string& text) const {
    return options_.colours && !text.empty() ? colour + text + kPlain : text;
  }

  void print_head(const Event& event, const Reading& reading) {
    const bool is_arrow = goes_to_another(event);
    std::string front = name_of(event.from);
    if (is_arrow) front += std::string(" -> ") + name_of(event.to);
    front.resize(std::max(kTitleColumn - 2, front.size() + 1), ' ');
    front += reading.problem ? "! " : "  ";

    const std::vector<std::string> title = wrapped(reading.title, kWidth - kTitleColumn);
    const char* colour = reading.problem ? kRed : is_arrow ? kBold : kPlain;
    for (std::size_t i = 0; i < title.size(); ++i) {
      const std::string margin = i == 0 ? front : std::string(kTitleColumn, ' ');
      out_ << (i == 0 && reading.problem ? coloured(kRed, margin) : margin) << coloured(colour, title[i]);
      if (i + 1 < title.size()) out_ << '\n';
    }
    if (!reading.result.empty()) out_ << ' ' << coloured(reading.refused ? kYellow : kGreen, reading.result);
    out_ << '\n';
  }

  void print_details(const Details& details) {
    std::size_t longest = 0;
    for (const auto& [name, value] : details) longest = std::max(longest, std::min(columns(name), kLongestName));
    const std::size_t value_column = kIndent + longest + 2;
    for (const auto& [name, value] : details) {
      const std::size_t used = kIndent + columns(name);
      std::string gap(used + 2 > value_column ? 2 : value_column - used, ' ');
      for (const std::string& line : wrapped(value, kWidth - value_column)) {
        if (gap.size() == value_column) {
          out_ << (line.empty() ? "" : gap) << line << '\n';
          continue;
        }
        out_ << std::string(kIndent, ' ') << coloured(kDim, name) << (line.empty() ? "" : gap) << line << '\n';
        gap = std::string(value_column, ' ');
      }
    }
  }

  std::ostream& out_;
  OutputOptions options_;
};

}  // namespace

std::unique_ptr<Trace> make_ladder(std::ostream& out, const OutputOptions& options) {
  return std::make_unique<Ladder>(out, options);
}

}  // namespace hss::lab
