/// Bytes that a session takes on a device of its own, found by compiling its programs.
package struct DeviceMemory: Equatable, Sendable {
  /// Of one program and of what stays on the device beside it.
  package struct Need: Equatable, Sendable {
    /// All of it at once.
    package let total: Int
    /// What goes into the program: tensors, images, labels.
    package let inputs: Int

    /// Figures as an engine works them out.
    package init(total: Int, inputs: Int) { (self.total, self.inputs) = (total, inputs) }
  }

  /// While it trains: that of its programs that needs most. Nil where the device does not tell.
  package let training: Need?
  /// While it predicts a case, with nothing of training there.
  package let inference: Need?
  /// What the device may hand out; nil where it does not tell.
  package let limit: Int?

  /// Figures as an engine works them out.
  package init(training: Need?, inference: Need?, limit: Int?) {
    (self.training, self.inference, self.limit) = (training, inference, limit)
  }
}
