// Every AVP is built first and added when it is whole.
// SPDX-License-Identifier: MIT
#include "diameter/avp_writer.h"

#include <algorithm>
#include <optional>

#include "diameter/dictionary.h"

namespace hss::diameter {
namespace {

fd::AvpPtr make(const AvpDefinition& definition) {
  avp* created = nullptr;
  fd::check(fd_msg_avp_new(model_of(definition), 0, &created), definition.name);
  fd::AvpPtr out(created);
  fd::header(created).avp_flags = definition.flags;
  return out;
}

fd::AvpPtr make(const AvpDefinition& definition, avp_value value) {
  fd::AvpPtr out = make(definition);
  fd::check(fd_msg_avp_setvalue(out.get(), &value), definition.name);
  return out;
}

/// A value that freeDiameter needs no copy of: a number, or octets that outlive every message. It is put where
/// freeDiameter would put it, which spares a look into the dictionary, and for octets malloc and free.
fd::AvpPtr make_directly(const AvpDefinition& definition, avp_value value) {
  avp* created = nullptr;
  fd::check(fd_msg_avp_new(model_of(definition), AVPFL_SET_BLANK_VALUE, &created), definition.name);
  fd::AvpPtr out(created);
  avp_hdr& header = fd::header(created);
  header.avp_flags = definition.flags;
  *header.avp_value = value;
  return out;
}

AvpHead head_of(const AvpDefinition& definition) { return {definition.code, definition.flags, definition.vendor}; }

AvpHead head_of(avp* received) {
  const avp_hdr& header = fd::header(received);
  return {header.avp_code, header.avp_flags, header.avp_vendor};
}

avp_value octet_value(const std::uint8_t* data, std::size_t size) {
  static std::uint8_t nothing = 0;
  avp_value value{};
  // freeDiameter copies from here and does not write.
  value.os.data = size == 0 ? &nothing : const_cast<std::uint8_t*>(data);
  value.os.len = size;
  return value;
}

/// What the dictionary says of an AVP that can be copied; nothing of another.
std::optional<dict_avp_data> definition_of(avp* received) {
  dict_object* const model = fd::model(received);
  if (model == nullptr) return std::nullopt;
  dict_avp_data data{};
  fd::check(fd_dict_getval(model, &data), "read an AVP's definition");
  if (data.avp_basetype != AVP_TYPE_GROUPED && fd::header(received).avp_value == nullptr) return std::nullopt;
  return data;
}

/// Null when the AVP cannot be copied.
fd::AvpPtr clone(avp* received) {
  const auto known = definition_of(received);
  if (!known) return nullptr;
  const dict_avp_data& data = *known;
  const avp_hdr& header = fd::header(received);
  const bool grouped = data.avp_basetype == AVP_TYPE_GROUPED;

  avp* created = nullptr;
  fd::check(fd_msg_avp_new(fd::model(received), 0, &created), data.avp_name);
  fd::AvpPtr out(created);
  if (!grouped) {
    avp_value value = *header.avp_value;
    fd::check(fd_msg_avp_setvalue(created, &value), data.avp_name);
  }
  fd::header(created).avp_flags = header.avp_flags;
  for (avp* member : fd::children(received)) {
    fd::AvpPtr copy = clone(member);
    if (copy == nullptr) continue;
    fd::check(fd_msg_avp_add(created, MSG_BRW_LAST_CHILD, copy.get()), "add an AVP to a group");
    static_cast<void>(copy.release());
  }
  return out;
}

}  // namespace

void AvpWriter::add(fd::AvpPtr avp) {
  fd::check(anchor_ == nullptr ? fd_msg_avp_add(parent_, MSG_BRW_LAST_CHILD, avp.get())
                               : fd_msg_avp_add(anchor_, MSG_BRW_PREV, avp.get()),
            "add an AVP to a message");
  static_cast<void>(avp.release());
}

void AvpWriter::text(const AvpDefinition& avp, std::string_view value) {
  if (out_ != nullptr) return octets(avp, {reinterpret_cast<const std::uint8_t*>(value.data()), value.size()});
  add(make(avp, octet_value(reinterpret_cast<const std::uint8_t*>(value.data()), value.size())));
}

void AvpWriter::lasting_text(const AvpDefinition& avp, std::string_view value) {
  if (out_ != nullptr) return text(avp, value);
  add(make_directly(avp, octet_value(reinterpret_cast<const std::uint8_t*>(value.data()), value.size())));
}

void AvpWriter::octets(const AvpDefinition& avp, BytesView value) {
  if (out_ != nullptr) return out_->append(depth_, head_of(avp), value);
  add(make(avp, octet_value(value.data(), value.size())));
}

void AvpWriter::unsigned32(const AvpDefinition& avp, std::uint32_t value) {
  if (out_ != nullptr) return out_->append(depth_, head_of(avp), value);
  avp_value out{};
  out.u32 = value;
  add(make_directly(avp, out));
}

void AvpWriter::enumerated(const AvpDefinition& avp, std::int32_t value) {
  if (out_ != nullptr) return out_->append(depth_, head_of(avp), static_cast<std::uint32_t>(value));
  avp_value out{};
  out.i32 = value;
  add(make_directly(avp, out));
}

void AvpWriter::address(const AvpDefinition& avp, const Octets<4>& ipv4) {
  Octets<6> value{0, 1};
  std::ranges::copy(ipv4, value.begin() + 2);
  octets(avp, value);
}

void AvpWriter::address(const AvpDefinition& avp, const Octets<16>& ipv6) {
  Octets<18> value{0, 2};
  std::ranges::copy(ipv6, value.begin() + 2);
  octets(avp, value);
}

AvpWriter AvpWriter::group(const AvpDefinition& avp) {
  if (out_ != nullptr) {
    out_->open(depth_, head_of(avp));
    return {*out_, depth_ + 1};
  }
  fd::AvpPtr out = make(avp);
  AvpWriter content(out.get());
  add(std::move(out));
  return content;
}

void AvpWriter::content(const AvpDefinition& avp, BytesView value) {
  if (out_ != nullptr) return octets(avp, value);
  // freeDiameter takes the octets of an octet string as they are, and its number can be changed afterwards.
  fd::AvpPtr out = make(avps::kUserData, octet_value(value.data(), value.size()));
  avp_hdr& header = fd::header(out.get());
  header.avp_code = avp.code;
  header.avp_vendor = avp.vendor;
  header.avp_flags = avp.flags;
  add(std::move(out));
}

/// As `octets`, and members that cannot be copied are left out.
void AvpWriter::append_copy(avp* received, const dict_avp_data& data) {
  const AvpHead head = head_of(received);
  if (data.avp_basetype == AVP_TYPE_GROUPED) {
    out_->open(depth_, head);
    AvpWriter members(*out_, depth_ + 1);
    for (avp* member : fd::children(received)) members.copy(member);
    return;
  }
  const avp_value& value = *fd::header(received).avp_value;
  switch (data.avp_basetype) {
    case AVP_TYPE_INTEGER64:
    case AVP_TYPE_UNSIGNED64:
    case AVP_TYPE_FLOAT64: {
      AvpOctets::Buffer octets;
      AvpOctets::put(octets, static_cast<std::uint32_t>(value.u64 >> 32U));
      AvpOctets::put(octets, static_cast<std::uint32_t>(value.u64));
      out_->append(depth_, head, octets);
      return;
    }
    case AVP_TYPE_INTEGER32:
    case AVP_TYPE_UNSIGNED32:
    case AVP_TYPE_FLOAT32:
      out_->append(depth_, head, value.u32);
      return;
    default:
      out_->append(depth_, head, {value.os.data, value.os.len});
      return;
  }
}

bool AvpWriter::copy(avp* received) {
  if (out_ != nullptr) {
    const auto data = definition_of(received);
    if (data) append_copy(received, *data);
    return data.has_value();
  }
  fd::AvpPtr out = clone(received);
  if (out == nullptr) return false;
  add(std::move(out));
  return true;
}

void AvpWriter::example(const AvpDefinition& avp) {
  static constexpr std::uint8_t kZeros[8] = {};
  switch (avp.type) {
    case AvpType::kGrouped: {
      AvpWriter content = group(avp);
      if (&avp == &avps::kVendorSpecificApplicationId) {  // its receiver checks what it holds (RFC 6733 6.11)
        content.example(avps::kVendorId);
        content.example(avps::kAuthApplicationId);
      }
      return;
    }
    case AvpType::kUnsigned32:
    case AvpType::kEnumerated:
      unsigned32(avp, 0);
      return;
    case AvpType::kUnsigned64:
      if (out_ != nullptr) return octets(avp, BytesView(kZeros, 8));
      add(make_directly(avp, avp_value{}));
      return;
    case AvpType::kTime:
      octets(avp, BytesView(kZeros, 4));
      return;
    case AvpType::kAddress:
      octets(avp, BytesView(kZeros, 6));
      return;
    default:
      octets(avp, BytesView(kZeros, 1));
      return;
  }
}

}  // namespace hss::diameter
