// SPDX-License-Identifier: MIT
#include "hss/base64.h"

#include <openssl/evp.h>

#include <algorithm>

#include "hss/ascii.h"

namespace hss {
namespace {

bool is_digit(char c) { return ascii::is_alpha(c) || ascii::is_digit(c) || c == '+' || c == '/'; }

}  // namespace

std::string to_base64(BytesView octets) {
  std::string out((octets.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), octets.data(), static_cast<int>(octets.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  // OpenSSL passes over blanks and '-' at the ends, and takes '=' anywhere.
  if (!std::ranges::all_of(text.substr(0, text.size() - padding), is_digit)) return std::nullopt;
  Bytes out(text.size() / 4 * 3);
  const auto* const in = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(out.data(), in, static_cast<int>(text.size())) < 0) return std::nullopt;
  out.resize(out.size() - padding);
  return out;
}

}  // namespace hss
