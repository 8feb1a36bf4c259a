// SPDX-License-Identifier: MIT
#include "tests/fuzz/mutation.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hss::fuzz {
namespace {

using namespace std::string_view_literals;

/// What parsers stumble over: ends of ranges, marks of the grammars, broken UTF-8.
constexpr std::array kPieces{"\0"sv,
                             "\xff"sv,
                             "\0\0\0\0"sv,
                             "\xff\xff\xff\xff"sv,
                             "\x80"sv,
                             "\xc3\x28"sv,
                             "\xEF\xBB\xBF"sv,
                             "%"sv,
                             "%00"sv,
                             "!"sv,
                             "!.*!"sv,
                             ";"sv,
                             "@"sv,
                             "\""sv,
                             "\n"sv,
                             "\r\n"sv,
                             ","sv,
                             "<"sv,
                             "&#0;"sv,
                             "]]>"sv,
                             "{"sv,
                             "[["sv,
                             "\\u0000"sv,
                             "-1"sv,
                             "0"sv,
                             "4294967296"sv,
                             "18446744073709551616"sv,
                             "1e999"sv,
                             "[::1]"sv,
                             ":99999"sv};

class Mutation {
 public:
  Mutation(std::string input, const std::vector<std::string>& seeds, std::mt19937_64& random)
      : input_(std::move(input)), seeds_(seeds), random_(random) {}

  void once() {
    switch (below(7)) {
      case 0:
        if (!input_.empty()) input_[below(input_.size())] ^= static_cast<char>(1U << below(8));
        break;
      case 1:
        if (!input_.empty()) input_[below(input_.size())] = static_cast<char>(below(256));
        break;
      case 2:
        input_.erase(below(input_.size() + 1), 1 + below(8));
        break;
      case 3:
        input_.erase(below(input_.size() + 1), below(input_.size() + 1));
        break;
      case 4:
        input_.insert(below(input_.size() + 1), kPieces.at(below(kPieces.size())));
        break;
      case 5:
        insert(input_);
        break;
      default:
        insert(seeds_.at(below(seeds_.size())));
        break;
    }
    input_.resize(std::min(input_.size(), kLongestInput));
  }

  std::string take() { return std::move(input_); }

 private:
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(random_() % end); }

  void insert(const std::string& from) {
    const std::string piece = from.substr(below(from.size() + 1), 1 + below(64));
    input_.insert(below(input_.size() + 1), piece);
  }

  std::string input_;
  const std::vector<std::string>& seeds_;
  std::mt19937_64& random_;
};

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, std::mt19937_64& random) {
  Mutation mutation(seeds.at(random() % seeds.size()), seeds, random);
  for (auto left = 1 + random() % 6; left > 0; --left) mutation.once();
  return mutation.take();
}

}  // namespace hss::fuzz
