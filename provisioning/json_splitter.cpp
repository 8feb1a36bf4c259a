// SPDX-License-Identifier: MIT
#include "provisioning/json_splitter.h"

#include <istream>

#include "hss/ascii.h"

namespace hss::provisioning {
namespace {

constexpr int kEnd = std::istream::traits_type::eof();
constexpr std::size_t kMaxObject = 1024 * 1024;

}  // namespace

void JsonSplitter::fail(std::size_t line, const std::string& reason) const {
  throw JsonTextError("line " + std::to_string(line) + ": " + reason);
}

int JsonSplitter::get() {
  const int c = in_.get();
  if (c == '\n') ++lines_;
  return c;
}

int JsonSplitter::get_visible() {
  int c = get();
  while (c != kEnd && ascii::is_space(static_cast<char>(c))) c = get();
  return c;
}

bool JsonSplitter::next(std::string& object) {
  object.clear();
  int c = get_visible();
  if (form_ == Form::kUnknown) {
    if (c == 0xEF && in_.get() == 0xBB && in_.get() == 0xBF) c = get_visible();  // byte order mark
    form_ = c == '[' ? Form::kArray : Form::kSequence;
    if (c == '[') c = get_visible();
  }
  if (closed_ || (form_ == Form::kArray && c == ']')) {
    if (!closed_) c = get_visible();
    closed_ = true;
    if (c != kEnd) fail(lines_, "there is something behind the end of the array: remove it");
    return false;
  }
  if (c == kEnd) {
    if (form_ == Form::kArray) fail(lines_, "the array has no end: is the file whole?");
    return false;
  }
  if (c == ',' && !first_) c = get_visible();
  line_ = lines_;
  if (c != '{') fail(lines_, "there must be an object here: write {...} for each subscriber");
  first_ = false;

  int depth = 0;
  bool in_text = false;
  bool escaped = false;
  for (; c != kEnd; c = get()) {
    object += static_cast<char>(c);
    if (object.size() > kMaxObject) fail(line_, "the object is longer than 1 MiB: is a bracket missing?");
    if (in_text) {
      if (!escaped && c == '"') in_text = false;
      escaped = !escaped && c == '\\';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (--depth == 0) return true;
    }
  }
  fail(line_, "the object has no end: is the file whole?");
}

}  // namespace hss::provisioning
