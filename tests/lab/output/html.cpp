// One page that can be attached to a bug report: no script, nothing from outside, and nothing that a peer sent is more
// than text. It is well-formed XML as well, so that a test can prove that no tag was left open.
// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <optional>

#include "tests/lab/dictionary.h"
#include "tests/lab/output/html_style.h"
#include "tests/lab/output/reading.h"
#include "tests/lab/output/replace_file.h"
#include "tests/lab/output/text.h"
#include "tests/lab/outputs.h"

namespace hss::lab {
namespace {

constexpr std::size_t kMostEvents = 5000;  // a browser shows no more with ease
constexpr mode_t kMode = 0644;
constexpr mode_t kModeWithSecrets = 0600;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(text, true)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(const std::string& opening, std::string_view name, const std::string& inside) {
  return "<" + opening + ">" + inside + "</" + std::string(name) + ">";
}

/// Identities and the names of results are long: they may break after a mark within them.
std::string breakable(std::string text) {
  constexpr std::string_view kBreak = "<wbr />";
  for (std::size_t at = 0; (at = text.find_first_of("_.:@", at)) != std::string::npos; at += 1 + kBreak.size()) {
    text.insert(at + 1, kBreak);
  }
  return text;
}

std::string table(const Details& details) {
  std::string rows;
  for (const auto& [name, value] : details) {
    rows += "<tr><td>" + escaped(name) + "</td><td>" + escaped(value) + "</td></tr>\n";
  }
  return rows.empty() ? rows : "<table>" + rows + "</table>\n";
}

std::string avp_table(const Message& message, bool show_secrets) {
  std::string rows;
  for (const AvpLine& line : describe(message, show_secrets)) {
    rows += "<tr><td style=\"--depth:" + std::to_string(line.depth) + "\">" + escaped(line.name) + "</td><td>" +
            escaped(line.value) + "</td></tr>\n";
  }
  return "<table class=\"avps\">" + rows + "</table>\n";
}

std::string header_line(const Message& message, const Event& event) {
  std::string flags;
  for (const auto& [set, word] :
       {std::pair{message.proxiable, "P"}, {message.error, "E"}, {message.retransmitted, "T"}}) {
    if (set) flags += std::string(flags.empty() ? "" : " ") + word;
  }
  return "command " + std::to_string(message.command) + ", application " + std::to_string(message.application) +
         (flags.empty() ? ", no flags" : ", flags " + flags) + ", hop-by-hop " + std::to_string(message.hop_by_hop) +
         ", end-to-end " + std::to_string(message.end_to_end) + ", " + std::to_string(event.octets.size()) +
         " octets, local port " + std::to_string(event.local_port) + ", remote port " +
         std::to_string(event.remote_port);
}

class Html final : public FileTrace {
 public:
  Html(std::filesystem::path file, std::string title, const OutputOptions& options)
      : file_(std::move(file)), title_(std::move(title)), options_(options) {}

  void add(const Event& event) override {
    ++seen_;
    if (events_.size() < kMostEvents) events_.push_back(event);
  }

  void finish() override { replace_file(file_, page(), options_.show_secrets ? kModeWithSecrets : kMode); }

 private:
  /// The grid line of a party's lifeline; the first track is the time's.
  [[nodiscard]] std::size_t lifeline(Party party) const {
    const auto at = std::ranges::find(parties_, party) - parties_.begin();
    return 2 * static_cast<std::size_t>(at) + 3;
  }

  [[nodiscard]] std::string page() {
    parties_.clear();
    for (const Party party : {Party::kUe, Party::kPcscf, Party::kIcscf, Party::kScscf, Party::kAaa, Party::kHss}) {
      const auto takes_part = [&](const Event& event) {
        return event.from == party || (goes_to_another(event) && event.to == party);
      };
      if (std::ranges::any_of(events_, takes_part)) parties_.push_back(party);
    }
    std::string rows;
    std::string problems;
    std::size_t messages = 0;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Reading reading = read(events_[i], options_.show_secrets);
      const std::string id = "event-" + std::to_string(i + 1);
      if (events_[i].kind == Event::Kind::kDiameter) ++messages;
      if (reading.problem) {
        problems +=
            "<li><a href=\"#" + id + "\">" + name_of(events_[i].from) + ": " + escaped(reading.title) + "</a></li>\n";
      }
      rows += row(events_[i], reading, id);
    }
    return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n" +
           element("title", "title", escaped(title_)) + "\n<style>" + kHtmlStyle +
           "</style>\n</head>\n<body>\n<header>\n" + element("h1", "h1", escaped(title_)) + "\n" +
           element("p class=\"dim\"", "p", summary(messages)) + "\n" +
           (problems.empty() ? "" : "<ul class=\"problems\">\n" + problems + "</ul>\n") + "</header>\n" +
           (events_.empty() ? "" : ladder(rows)) + "</body>\n</html>\n";
  }

  [[nodiscard]] std::string summary(std::size_t messages) const {
    if (events_.empty()) return "Nothing happened.";
    std::string out = options_.fixed_time ? "" : utc(events_.front().at) + ": ";
    out += std::to_string(messages) + (messages == 1 ? " Diameter message" : " Diameter messages") + " in " +
           seconds(events_.back().at - events_.front().at) + " s. A message opens to show its AVPs.";
    if (seen_ > events_.size()) {
      out += " Only the first " + std::to_string(events_.size()) + " of " + std::to_string(seen_) + " events are here.";
    }
    if (!options_.show_secrets) out += " RES, CK and IK are hidden.";
    return out;
  }

  [[nodiscard]] std::string ladder(const std::string& rows) const {
    std::string heads;
    std::string lines;
    for (const Party party : parties_) {
      const std::size_t line = lifeline(party);
      heads += "<b style=\"grid-column:" + std::to_string(line - 1) + "/" + std::to_string(line + 1) + "\">" +
               name_of(party) + "</b>";
      lines += "<i style=\"grid-row:1;grid-column:" + std::to_string(line) + "\"></i>";
    }
    return "<main class=\"ladder\" style=\"--tracks:" + std::to_string(2 * parties_.size()) +
           "\">\n<div class=\"grid head\">" + heads + "</div>\n<div class=\"grid lines\" aria-hidden=\"true\">" +
           lines + "</div>\n" + rows + "</main>\n";
  }

  [[nodiscard]] std::string row(const Event& event, const Reading& reading, const std::string& id) const {
    const std::string time = element("time", "time", "+" + seconds(event.at - events_.front().at));
    const std::string classes = std::string("event") + (reading.problem ? " bad" : "");
    if (!goes_to_another(event)) {
      return "<div class=\"" + classes + "\" id=\"" + id + "\"><div class=\"grid\">" + time + note(event, reading) +
             "</div></div>\n";
    }
    const std::string shown = "class=\"grid\">" + time + arrow(event, reading);
    const std::string inside = body(event, reading);
    if (inside.empty()) return "<div class=\"" + classes + "\" id=\"" + id + "\"><div " + shown + "</div></div>\n";
    return "<details class=\"" + classes + "\" id=\"" + id + "\"" + (reading.problem ? " open=\"open\"" : "") +
           "><summary " + shown + "</summary>\n<div class=\"body\">" + inside + "</div></details>\n";
  }

  [[nodiscard]] std::string arrow(const Event& event, const Reading& reading) const {
    const std::size_t from = lifeline(event.from);
    const std::size_t to = lifeline(event.to);
    const auto [first, last] = std::minmax(from, to);
    std::string label = element("b", "b", breakable(escaped(reading.title)));
    if (!reading.result.empty()) {
      label += " " + element(reading.refused ? "span class=\"result refused\"" : "span class=\"result good\"", "span",
                             breakable(escaped(reading.result)));
    }
    return "<div class=\"arrow " + std::string(to > from ? "right" : "left") +
           (event.kind == Event::Kind::kSip ? " sip" : "") + "\" style=\"grid-column:" + std::to_string(first) + "/" +
           std::to_string(last) + "\"><span class=\"hidden\">" + name_of(event.from) + " to " + name_of(event.to) +
           ": </span><span>" + label + "</span></div>";
  }

  /// A box about the party's lifeline, as near as the margins allow.
  [[nodiscard]] std::string note(const Event& event, const Reading& reading) const {
    const std::size_t tracks = 2 * parties_.size();
    const std::size_t width = std::min(tracks, std::max<std::size_t>(3, (6 * tracks + 9) / 10));
    const std::size_t middle = lifeline(event.from);
    const std::size_t first = std::clamp<std::size_t>(middle - std::min(middle, width / 2), 2, 2 + tracks - width);
    return "<div class=\"note\" style=\"grid-column:" + std::to_string(first) + "/" + std::to_string(first + width) +
           "\"><b>" + name_of(event.from) + "</b> " + escaped(reading.title) + table(reading.details) + "</div>";
  }

  [[nodiscard]] std::string body(const Event& event, const Reading& reading) const {
    std::string out = table(reading.details);
    if (!reading.message) return out;
    const Details matters = what_matters(*reading.message, options_.show_secrets);
    if (!matters.empty()) out += element("h2", "h2", "In short") + table(matters);
    out += element("h2", "h2", escaped(long_name(*reading.message)) + ": all AVPs") +
           avp_table(*reading.message, options_.show_secrets) +
           element("p class=\"dim\"", "p", escaped(header_line(*reading.message, event)));
    return out;
  }

  std::filesystem::path file_;
  std::string title_;
  OutputOptions options_;
  std::vector<Event> events_;
  std::size_t seen_ = 0;
  std::vector<Party> parties_;
};

}  // namespace

std::unique_ptr<FileTrace> make_html(const std::filesystem::path& file, std::string title,
                                     const OutputOptions& options) {
  return std::make_unique<Html>(file, std::move(title), options);
}

}  // namespace hss::lab
