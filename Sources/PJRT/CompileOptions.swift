/// XLA's `CompileOptionsProto`, as little of it as a program for one device needs, in protobuf's wire format.
///
///     3: build options { 1: device ordinal, 4: replicas = 1, 5: partitions = 1,
///                        9: assignment { 1: replicas = 1, 2: computations = 1, 3: { 1: [device] } } }
///     7: flags, each { 1: name, 2: { 2: yes or no } }
struct CompileOptions {
  /// The device's own number.
  let device: Int
  /// XLA's options by name.
  let flags: [String: Bool]

  /// The message, flags in the order of their names.
  var bytes: [UInt8] {
    let computation = Message().packed(1, [device])
    let assignment = Message().number(1, 1).number(2, 1).message(3, computation)
    let build = Message().number(1, device).number(4, 1).number(5, 1).message(9, assignment)
    let start = Message().message(3, build)
    return flags.sorted { $0.key < $1.key }.reduce(start) { options, flag in
      options.message(7, Message().text(1, flag.key).message(2, Message().number(2, flag.value ? 1 : 0)))
    }.bytes
  }
}

/// A protobuf message that grows field by field.
private struct Message {
  var bytes: [UInt8] = []

  private func with(_ more: [UInt8]) -> Message { Message(bytes: bytes + more) }

  private static func varint(_ value: Int) -> [UInt8] {
    var (rest, result) = (UInt64(value), [UInt8]())
    while rest > 127 {
      result.append(UInt8(rest & 127) | 128)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  private func delimited(_ field: Int, _ content: [UInt8]) -> Message {
    with(Self.varint(field << 3 | 2) + Self.varint(content.count) + content)
  }

  func number(_ field: Int, _ value: Int) -> Message { with(Self.varint(field << 3) + Self.varint(value)) }
  func packed(_ field: Int, _ values: [Int]) -> Message { delimited(field, values.flatMap { Self.varint($0) }) }
  func text(_ field: Int, _ value: String) -> Message { delimited(field, Array(value.utf8)) }
  func message(_ field: Int, _ value: Message) -> Message { delimited(field, value.bytes) }
}
