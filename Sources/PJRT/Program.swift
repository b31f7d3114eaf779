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
