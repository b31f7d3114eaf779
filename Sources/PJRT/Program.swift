import CPJRT

/// A compiled program on its device.
package final class Program {
  private let client: Client
  private let handle: OpaquePointer
  /// How many buffers it returns.
  package let outputs: Int

  init(client: Client, handle: OpaquePointer, outputs: Int) {
    (self.client, self.handle, self.outputs) = (client, handle, outputs)
  }

  deinit { cpjrt_program_free(client.plugin.table, handle) }

  /// What it takes on its device; nil where the plugin does not tell.
  ///
  /// - Throws: `PJRTError`.
  package func memory() throws -> ProgramMemory? {
    var (memory, isTold) = (cpjrt_memory(), false)
    try PJRTError.check(
      cpjrt_program_memory(client.plugin.table, handle, &memory, &isTold), "to tell the memory of a program")
    guard isTold else { return nil }
    return ProgramMemory(
      inputs: Int(memory.arguments), outputs: Int(memory.outputs), shared: Int(memory.aliases),
      temporary: Int(memory.temporary), code: Int(memory.code))
  }

  /// Runs it and waits for the device.
  ///
  /// - Parameter inputs: as the program declares them. Those that it gives away (`tf.aliasing_output`) hold nothing
  ///   afterwards, not even where the run fails.
  /// - Throws: `PJRTError`: the plugin refuses the inputs, the device lacks memory, or it is lost.
  package func run(_ inputs: [Buffer]) throws -> [Buffer] {
    var results = [OpaquePointer?](repeating: nil, count: outputs)
    let failure = withExtendedLifetime(inputs) {
      cpjrt_execute(client.plugin.table, handle, inputs.map(\.handle), inputs.count, &results)
    }
    // Owned at once, so that they are freed where the run has failed.
    let buffers = results.compactMap { $0.map { Buffer(client: client, handle: $0) } }
    try PJRTError.check(failure, "to run")
    return buffers
  }
}

/// Bytes that a program takes on its device while it runs, as its compiler counted them.
package struct ProgramMemory: Equatable, Sendable {
  /// What goes in.
  package let inputs: Int
  /// What comes out.
  package let outputs: Int
  /// Of what comes out, that which takes the place of what went in.
  package let shared: Int
  /// In between.
  package let temporary: Int
  /// The program itself.
  package let code: Int

  /// All of it at once.
  package var total: Int { inputs + outputs - shared + temporary + code }
}
