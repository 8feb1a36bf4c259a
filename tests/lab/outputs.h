// The trace for people and programs: a ladder on the terminal, JSON, a self-contained HTML page, a pcap file.
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>

#include "tests/lab/trace.h"

namespace hss::lab {

struct OutputOptions {
  bool colours = false;
  bool show_secrets = false;  // RES, CK, IK
  bool fixed_time = false;    // times are counted from the first event: for transcripts that are compared
};

/// Prints each event at once: who to whom, the title, its details indented; of Diameter messages the AVPs that matter
/// (identities, names, types, result; not Session-Id, Origin and the like).
std::unique_ptr<Trace> make_ladder(std::ostream& out, const OutputOptions& options);
/// One JSON object a line: {"at","from","to","kind","title","result","details":{...},"avps":[{name,value,members}]},
/// all of them in every line. `at`: UTC, or seconds with fixed_time; `kind`: diameter, sip, note, problem; `to` is
/// `from` of a note; `result` is empty but for answers; values of `details` are text, of a name that comes twice a line
/// each.
std::unique_ptr<Trace> make_json(std::ostream& out, const OutputOptions& options);

/// Keeps all events and writes them when finish() is called. Throws std::runtime_error, one line, when the file cannot
/// be written; an existing file is replaced only when all of it is written.
class FileTrace : public Trace {
 public:
  virtual void finish() = 0;
};
/// A page without anything from outside: the ladder, each message to be opened with all of its AVPs. `title`: what was
/// run.
std::unique_ptr<FileTrace> make_html(const std::filesystem::path& file, std::string title,
                                     const OutputOptions& options);
/// pcap of Diameter messages as TCP on 127.0.0.1 with right checksums and sequence numbers. The HSS's end has port
/// 3868, whatever it was, so that Wireshark dissects them without "Decode as". Secrets are in it, as they were on the
/// wire: the file is made with mode 0600.
std::unique_ptr<FileTrace> make_pcap(const std::filesystem::path& file);

}  // namespace hss::lab
