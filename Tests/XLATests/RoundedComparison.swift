import Compute
import Networks
import TestSupport
import Testing

import XLA

/// A network's session in bfloat16 on the device, and what rounding may do to it by the processor's engine, which knows nothing of
/// the device's programs.
///
/// A number w that is rounded to bfloat16 moves by up to half of its last place, `2⁻⁸ b(w)` with b the power of two below. To first
/// order, errors of many roundings are sums of independent terms, one for each rounding, that the network carries to its end. So the
/// processor's engine computes in single precision with every kernel and every voxel of the images **moved** as rounding would move
/// it, several times with other numbers; the root mean square of what this does to a tensor is what one rounding for each kernel
/// does to it. The device's programs round more often (`Value+Rounding.swift`): for each kernel, it and the result of its convolution,
/// and the same on the way back; for every operation, what it hands on and what it hands back. A rounding of an activation is as far
/// from it, relatively, as that of a kernel, so with E operations, K of them with kernels, variances are at most `2 (E + K) / K` times
/// as large, and errors the root of that. The middle of all tensors is within it; `allowance` is left to a single one for chance: the
/// estimate is of eight numbers, and an error may be three times its standard deviation.
///
/// A gradient that is nought because its terms cancel out (of a bias before a normalisation, of the keys' bias of attention) errs by
/// what the terms err, which moved kernels do not show. So no gradient is held to less than the rounding of the middle one, nor a
/// bias to less than that of its kernel's gradient, a sum of the same terms times activations of about one. Of gradients that are
/// a twentieth as large or less, nothing is seen here.
struct RoundedComparison {
  let exact: Computed
  let device: Computed
  let moved: [Computed]
  /// `√(2 (E + K) / K)`
  let roundings: Float

  static let samples = 8
  static let allowance: Float = 4

  init(_ example: DeviceCase, logits: Bool = false) throws {
    var rounded = example
    rounded.request.precision = .bfloat16
    exact = try Computed(example.onProcessor(), example, logits: logits)
    device = try Computed(rounded.onDevice(), rounded, logits: logits)
    moved = try (0..<Self.samples).map { sample in
      let other = example.moved(seed: 100 + UInt64(sample))
      return try Computed(other.onProcessor(), other, logits: logits)
    }
    roundings = example.roundings
  }

  /// Of every tensor: how far it is from the exact one, and what one rounding for each kernel does to it.
  func distances(of computed: Computed) -> [(name: String, own: Float, rounding: Float)] {
    let middle = exact.tensors.map(\.values.rootMeanSquare).sorted()[exact.tensors.count / 2]
    return exact.tensors.indices.map { index in
      let truth = exact.tensors[index]
      let one = moved.map { $0.tensors[index].distance(from: truth) }.rootMeanSquare
      let least = max(middle, index > 0 ? kernel(before: index) : 0) * 0x1p-8
      return (truth.name, computed.tensors[index].distance(from: truth), max(one, least))
    }
  }

  /// How large the gradient of a bias's own kernel is; nought for all else.
  private func kernel(before index: Int) -> Float {
    let (kernel, bias) = (exact.tensors[index - 1], exact.tensors[index])
    return kernel.isKernel && bias.name == kernel.name.dropLast(6) + "bias" ? kernel.values.rootMeanSquare : 0
  }

  /// Names of tensors that are further from the exact ones than roundings explain.
  func failures(of computed: Computed) -> [String] {
    distances(of: computed).compactMap { tensor in
      let bound = Self.allowance * roundings * tensor.rounding
      return tensor.own <= bound ? nil : "\(tensor.name): \(tensor.own), not \(bound)"
    }
  }

  /// - Parameter share: of the tensors may be further away: where there are few voxels, a single activation near nought that changes
  ///   its sign moves all gradients before it by far more than to first order.
  func check(butFor share: Double = 0, sourceLocation: SourceLocation = #_sourceLocation) throws {
    try #require(exact.tensors.map(\.name) == device.tensors.map(\.name), sourceLocation: sourceLocation)
    let failures = failures(of: device)
    let most = Int(share * Double(exact.tensors.count))
    #expect(failures.count <= most, "\(failures.joined(separator: "\n"))", sourceLocation: sourceLocation)
    let ratios = distances(of: device).map { $0.own / $0.rounding }.sorted()
    let ratio = ratios[ratios.count / 2]
    #expect(ratio < roundings && ratio > 0.25, "\(ratio) roundings, not \(roundings)", sourceLocation: sourceLocation)
  }
}

extension DeviceCase {
  /// Every kernel and voxel as a rounding to bfloat16 could have left it.
  func moved(seed: UInt64) -> DeviceCase {
    var (other, stream) = (self, RandomStream(seed: seed, purpose: .test))
    func move(_ values: [Float]) -> [Float] {
      values.map { $0 + $0.binade * 0x1p-8 * stream.nextUniform(in: -1...1) }
    }
    other.images = move(images)
    for index in state.parameters.indices where state.parameters[index].isKernel {
      other.state.parameters[index].values = move(state.parameters[index].values)
    }
    return other
  }

  /// How much larger errors are than those of one rounding for each kernel.
  var roundings: Float {
    let operations = request.model.graph(batch: batch, extent: request.extent, classes: request.classes).entries.count
    let kernels = state.parameters.count { $0.isKernel }
    return (2 * Float(operations + kernels) / Float(kernels)).squareRoot()
  }
}

extension NamedTensor {
  /// Of a convolution of any kind.
  var isKernel: Bool { shape.count == 5 }

  /// Root mean square.
  fileprivate func distance(from other: NamedTensor) -> Float {
    zip(values, other.values).map { $0 - $1 }.rootMeanSquare
  }
}

extension [Float] {
  var rootMeanSquare: Float {
    Float((reduce(0) { $0 + Double($1) * Double($1) } / Double(Swift.max(1, count))).squareRoot())
  }
}
