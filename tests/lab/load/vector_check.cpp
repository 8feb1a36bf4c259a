// SPDX-License-Identifier: MIT
#include "tests/lab/load/vector_check.h"

#include "hss/sqn.h"
#include "tests/lab/cx_client.h"

namespace hss::lab {
namespace {

/// A load does not care where the HSS begins to count.
KeySet without_delta(KeySet keys) {
  keys.delta = max_seq(keys.ind_bits);
  return keys;
}

std::string problem_with(Usim& card, const Vector& vector) {
  const UsimAnswer answer = card.authenticate(vector.rand, vector.autn);
  if (std::holds_alternative<UsimMacFailure>(answer)) return "MAC-A is not of these keys";
  if (std::holds_alternative<UsimSynchronisationFailure>(answer)) return "its SQN was issued before";
  const auto& response = std::get<UsimResponse>(answer);
  if (!response.res.equals(vector.xres)) return "XRES is not of these keys";
  if (!response.ck.equals(vector.ck) || !response.ik.equals(vector.ik)) return "CK or IK is not of these keys";
  return {};
}

}  // namespace

VectorCheck::VectorCheck(const KeySet& keys) : new_card_(without_delta(keys)) {}

std::string VectorCheck::problem_of(std::uint32_t user, BytesView answer) {
  const auto parsed = parse(answer);
  const auto* message = std::get_if<Message>(&parsed);
  if (message == nullptr) return "the answer cannot be read: " + std::get<std::string>(parsed);
  try {
    const std::vector<Vector> vectors = vectors_of(*message);
    if (vectors.empty()) return "the answer holds no vector";
    Usim& card = cards_.try_emplace(user, new_card_).first->second;
    for (const Vector& vector : vectors) {
      std::string problem = problem_with(card, vector);
      if (!problem.empty()) return problem;
    }
  } catch (const NetworkError& error) {
    return error.what();
  }
  return {};
}

}  // namespace hss::lab
