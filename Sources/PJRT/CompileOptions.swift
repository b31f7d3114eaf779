import Protobuf

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
    var options = ProtobufWriter()
    options.message(3) { build in
      build.integer(1, device)
      build.integer(4, 1)
      build.integer(5, 1)
      build.message(9) { assignment in
        assignment.integer(1, 1)
        assignment.integer(2, 1)
        assignment.message(3) { $0.packed(1, [device]) }
      }
    }
    for (name, isOn) in flags.sorted(by: { $0.key < $1.key }) {
      options.message(7) { flag in
        flag.string(1, name)
        flag.message(2) { $0.integer(2, isOn ? 1 : 0) }
      }
    }
    return Array(options.data)
  }
}
