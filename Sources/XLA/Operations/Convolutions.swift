import Compute
import Networks

/// The windows of a convolution with "same" padding, and of its two gradients. A kernel is `[out, in, k₀, k₁, k₂]`.
private struct Windows {
  let input: [Int]
  let output: [Int]
  let kernel: [Int]
  let stride: [Int]
  let dilation: [Int]

  private var margin: [Int] { (0..<3).map { dilation[$0] * (kernel[$0] - 1) / 2 } }
  /// From the first to the last output voxel's place in the input.
  private var reach: [Int] { (0..<3).map { (output[$0] - 1) * stride[$0] } }

  var forward: Value.Window {
    Value.Window(
      sides: "[b, 0, 1, 2, f]x[o, i, 0, 1, 2]->[b, 0, 1, 2, f]", stride: stride, padding: margin.map { ($0, $0) },
      kernelSteps: dilation)
  }

  /// Of the input: `dy`, its voxels a stride apart, with the kernel turned round.
  var toInput: Value.Window {
    Value.Window(
      sides: "[b, 0, 1, 2, f]x[i, o, 0, 1, 2]->[b, 0, 1, 2, f]",
      padding: (0..<3).map { (margin[$0], input[$0] - 1 - reach[$0] + margin[$0]) }, inputSteps: stride,
      kernelSteps: dilation)
  }

  /// Of the kernel: the input, whose cases count as channels, with `dy` as the kernel.
  var toKernel: Value.Window {
    Value.Window(
      sides: "[f, 0, 1, 2, b]x[i, 0, 1, 2, o]->[f, b, 0, 1, 2]", stride: dilation,
      padding: (0..<3).map { (margin[$0], margin[$0] + reach[$0] + 1 - input[$0]) }, kernelSteps: stride)
  }
}

extension Value.Window {
  /// Every channel by itself.
  fileprivate func grouped(_ channels: Int, batches: Bool = false) -> Value.Window {
    var window = self
    if batches { window.batchGroups = channels } else { window.channelGroups = channels }
    return window
  }
}

extension Value {
  fileprivate var volume: [Int] { Array(shape[1...3]) }

  /// One number for each channel, added at every voxel.
  func adding(bias: Value) -> Value { self + bias.overChannels(of: self) }
}

extension Convolution: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let (x, weight) = (call.x, call.parameters[0])
    let voxels = zip(x.volume, stride.sides).map { ($0 - 1) / $1 + 1 }
    let windows = Windows(
      input: x.volume, output: voxels, kernel: kernel.sides, stride: stride.sides, dilation: dilation.sides)
    let y = x.convolved(weight, windows.forward, to: [x.shape[0]] + voxels + [outChannels])
    return WrittenOperation(hasBias ? y.adding(bias: call.parameters[1]) : y) { dy in
      let dx = dy.convolved(weight.reversed([2, 3, 4]), windows.toInput, to: x.shape)
      let gradient = x.convolved(dy, windows.toKernel, to: weight.shape)
      return .init(
        inputs: [dx], parameters: hasBias ? [gradient, dy.sum(over: Side.allButChannels)] : [gradient])
    }
  }
}

extension DepthwiseConvolution: XLAOperation {
  func written(_ call: OperationCall) -> WrittenOperation {
    let (x, weight) = (call.x, call.parameters[0])
    let channels = x.shape[Side.channels]
    let windows = Windows(
      input: x.volume, output: x.volume, kernel: [1, 7, 7], stride: [1, 1, 1], dilation: [1, dilation, dilation])
    let y = x.convolved(weight, windows.forward.grouped(channels), to: x.shape)
    return WrittenOperation(y.adding(bias: call.parameters[1])) { dy in
      // A channel has one kernel: nothing changes places.
      var toInput = windows.toInput.grouped(channels)
      toInput.sides = windows.forward.sides
      return .init(
        inputs: [dy.convolved(weight.reversed([2, 3, 4]), toInput, to: x.shape)],
        parameters: [
          x.convolved(dy, windows.toKernel.grouped(channels, batches: true), to: weight.shape),
          dy.sum(over: Side.allButChannels),
        ])
    }
  }
}

extension Extent3 {
  /// Along D, H and W.
  var sides: [Int] { [depth, height, width] }
}
