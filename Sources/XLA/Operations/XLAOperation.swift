import Networks

/// An operation that XLA computes: what it writes into a program, and beside it the gradients of what it wrote.
///
/// Activations are `[N, D, H, W, C]` without padding; parameters and statistics have PyTorch's sides.
protocol XLAOperation: Networks.Operation {
  func written(_ call: OperationCall) -> WrittenOperation
}

/// What an operation reads.
struct OperationCall {
  let inputs: [Value]
  let parameters: [Value]
  let statistics: [Value]
  /// Training normalises by the batch and changes statistics.
  let mode: Mode

  /// The first input, for operations with one.
  var x: Value { inputs[0] }
}

/// What an operation makes of it.
struct WrittenOperation {
  /// Gradients of the loss by inputs and parameters, in their orders.
  struct Gradients {
    let inputs: [Value]
    var parameters: [Value] = []
  }

  let output: Value
  /// The statistics after this step, in training, where the operation has some.
  var statistics: [Value] = []
  /// Writes the gradients for that of the output: the product of a vector with the operation's Jacobian.
  let pullback: (Value) -> Gradients

  init(_ output: Value, statistics: [Value] = [], pullback: @escaping (Value) -> Gradients) {
    (self.output, self.statistics, self.pullback) = (output, statistics, pullback)
  }

  /// Of an operation with one input and no parameters.
  init(_ output: Value, gradient: @escaping (Value) -> Value) {
    self.init(output) { Gradients(inputs: [gradient($0)]) }
  }

  /// This, then an operation of one input without parameters.
  func followed(by next: WrittenOperation) -> WrittenOperation {
    WrittenOperation(next.output, statistics: statistics) { pullback(next.pullback($0).inputs[0]) }
  }
}

/// Sides of an activation by name.
enum Side {
  static let batch = 0
  static let voxels = [1, 2, 3]
  static let channels = 4
  static let allButChannels = [0, 1, 2, 3]
}

extension Value {
  /// One number for each channel, at every voxel of `other`.
  func overChannels(of other: Value) -> Value { spread(to: other.shape, at: [Side.channels]) }

  /// An activation as `[N, P, C]`, positions in a row.
  var positions: Value { reshaped([shape[0], shape[1] * shape[2] * shape[3], shape[4]]) }
}
