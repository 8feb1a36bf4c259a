// Every event is a line of its own, so that a program can read along while the run goes on.
// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <span>

#include "tests/lab/dictionary.h"
#include "tests/lab/output/reading.h"
#include "tests/lab/output/text.h"
#include "tests/lab/outputs.h"

namespace hss::lab {
namespace {

using Json = nlohmann::ordered_json;

const char* word_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kDiameter:
      return "diameter";
    case Event::Kind::kSip:
      return "sip";
    case Event::Kind::kNote:
      return "note";
    case Event::Kind::kProblem:
      return "problem";
  }
  return "note";
}

/// The lines of one depth, each with the deeper ones that follow it; what is used is taken from `lines`.
Json tree(std::span<const AvpLine>& lines, unsigned depth) {
  Json out = Json::array();
  while (!lines.empty() && lines.front().depth >= depth) {
    const AvpLine& line = lines.front();
    lines = lines.subspan(1);
    out.push_back({{"name", line.name}, {"value", line.value}, {"members", tree(lines, line.depth + 1)}});
  }
  return out;
}

class JsonLines final : public Trace {
 public:
  JsonLines(std::ostream& out, const OutputOptions& options) : out_(out), options_(options) {}

  void add(const Event& event) override {
    if (!start_) start_ = event.at;
    const Reading reading = read(event, true);  // whole values; the secret ones are masked below
    Json details = Json::object();
    const auto put = [&](const std::string& name, const std::string& value) {
      Json& place = details[name];  // what comes twice: a line each
      place = place.is_null() ? value : place.get<std::string>() + "\n" + value;
    };
    for (const auto& [name, value] : reading.details) put(name, detail_text(name, value, options_.show_secrets));
    Json avps = Json::array();
    if (reading.message) {
      const std::vector<AvpLine> lines = describe(*reading.message, options_.show_secrets);
      std::span<const AvpLine> rest = lines;
      avps = tree(rest, 0);
    }
    const Json line{{"at", options_.fixed_time ? seconds(event.at - *start_) : utc(event.at)},
                    {"from", name_of(event.from)},
                    {"to", name_of(goes_to_another(event) ? event.to : event.from)},
                    {"kind", word_of(event.kind)},
                    {"title", reading.title},
                    {"result", reading.result},
                    {"details", details},
                    {"avps", avps}};
    out_ << line.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
    out_.flush();
  }

 private:
  std::ostream& out_;
  OutputOptions options_;
  std::optional<std::chrono::system_clock::time_point> start_;
};

}  // namespace

std::unique_ptr<Trace> make_json(std::ostream& out, const OutputOptions& options) {
  return std::make_unique<JsonLines>(out, options);
}

}  // namespace hss::lab
