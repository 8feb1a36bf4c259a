// SPDX-License-Identifier: MIT
#include "provisioning/csv.h"

#include <openssl/crypto.h>

#include <istream>

#include "provisioning/text.h"

namespace hss::provisioning {
namespace {

constexpr std::size_t kMaxRecord = 64 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

void wipe(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace

CsvReader::CsvReader(std::istream& in) : in_(in) {}

CsvReader::~CsvReader() { wipe(buffer_); }

void CsvReader::fail(const std::string& reason) const {
  throw CsvError("line " + std::to_string(line_) + ": " + reason);
}

bool CsvReader::read_line() {
  wipe(buffer_);
  for (int c = in_.get(); c != std::istream::traits_type::eof(); c = in_.get()) {
    if (c == '\n') {
      ++lines_read_;
      if (lines_read_ == 1 && buffer_.starts_with(kByteOrderMark)) buffer_.erase(0, kByteOrderMark.size());
      return true;
    }
    buffer_ += static_cast<char>(c);
    if (buffer_.size() > kMaxRecord) {
      line_ = lines_read_ + 1;
      fail("is longer than 64 KiB: give a text file with a line for each subscriber");
    }
    if (c == '\0') {
      line_ = lines_read_ + 1;
      fail("holds a NUL character: save the file as plain text in UTF-8");
    }
  }
  if (buffer_.empty()) return false;
  ++lines_read_;
  if (lines_read_ == 1 && buffer_.starts_with(kByteOrderMark)) buffer_.erase(0, kByteOrderMark.size());
  return true;
}

bool CsvReader::next(std::vector<std::string>& fields) {
  for (std::string& field : fields) wipe(field);
  fields.clear();
  do {
    if (!read_line()) return false;
  } while (trim(buffer_).empty());
  line_ = lines_read_;

  std::string field;
  std::size_t size = 0;
  std::size_t at = 0;
  while (true) {
    field.clear();
    if (at < buffer_.size() && buffer_[at] == '"') {
      ++at;
      while (true) {
        if (at == buffer_.size()) {
          field += '\n';  // the record goes on behind the line end
          size += at;
          if (size > kMaxRecord || !read_line()) fail("a quoted field has no end: close the quote");
          at = 0;
        } else if (buffer_[at] != '"') {
          field += buffer_[at++];
        } else if (at + 1 < buffer_.size() && buffer_[at + 1] == '"') {
          field += '"';
          at += 2;
        } else {
          ++at;
          break;
        }
      }
      while (at < buffer_.size() && (buffer_[at] == ' ' || buffer_[at] == '\r')) ++at;
      if (at < buffer_.size() && buffer_[at] != ',')
        fail("there is text behind a closing quote: write \"\" for a quote");
    } else {
      while (at < buffer_.size() && buffer_[at] != ',') {
        if (buffer_[at] == '"') fail("there is a quote inside a field: put the whole field into quotes");
        field += buffer_[at++];
      }
    }
    const bool last = at == buffer_.size();
    if (last && !field.empty() && field.back() == '\r') field.pop_back();
    fields.push_back(field);
    wipe(field);
    if (last) return true;
    ++at;
  }
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos && trim(text).size() == text.size()) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace hss::provisioning
