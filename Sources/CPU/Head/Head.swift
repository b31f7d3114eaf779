import CKernels
import Compute
import Networks

/// The end of a network: in-plane upsampling of the logits to the image, then loss with gradient, or classification.
/// All are fused row by row; full-resolution logits exist only when somebody asks for them.
package struct Head {
  /// What the network's last operation writes, `[N, D, H, W, K]`, in the plane perhaps coarser than the image.
  package let logits: Shape
  /// The image's depth, height and width.
  package let extent: Extent3
  private let passes: LossPasses?
  private let weights: ClassWeights?
  private let height: ResizeAxis
  private let width: ResizeAxis
  private let cpu: CPUBackend
  private let kernels: loss_kernels
  private let overlap: overlap_loss_kernels

  /// - Parameters:
  ///   - loss: nil where there are no labels.
  ///   - weights: of every class of the logits; nil: each is 1.
  package init(
    logits: Shape, extent: Extent3, loss: AnyLoss?, weights: ClassWeights? = nil, _ cpu: CPUBackend
  ) {
    precondition(logits.extent.depth == extent.depth, "logits \(logits) cannot be resized in the plane to \(extent)")
    precondition(logits.channels <= 256, "labels are bytes: \(logits.channels) classes are too many")
    precondition(
      weights.map { $0.values.count == logits.channels } ?? true,
      "not one weight for each of \(logits.channels) classes")
    (self.logits, self.extent, passes, self.weights) = (logits, extent, loss?.value.passes, weights)
    (self.cpu, kernels, overlap) = (cpu, cpu.kernels.losses.pointee, cpu.kernels.overlaps.pointee)
    height = ResizeAxis(from: logits.extent.height, to: extent.height)
    width = ResizeAxis(from: logits.extent.width, to: extent.width)
  }

  private var slices: Int { logits.batch * extent.depth }
  private var rowCount: Int { 2 * logits.extent.width * logits.paddedChannels }

  /// Sums of every slice, and of two passes what the second takes from the first.
  private var sumBytes: Int {
    switch passes {
    case nil, .terms: (slices * MemoryLayout<Double>.stride).roundedUp(to: 64)
    case .overlaps: sliceSumBytes + (logits.batch * derivativeCount * MemoryLayout<Float>.stride).roundedUp(to: 64)
    }
  }

  /// Bytes of scratch for loss and gradient, or for classification, all threads together.
  package var scratchBytes: Int { sumBytes + cpu.workers * rowCount * MemoryLayout<Float>.stride }

  private func rows(_ scratch: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    (scratch + sumBytes).assumingMemoryBound(to: Float.self)
  }

  /// Voxels whose label is no class, which have no loss.
  private func ignored(_ labels: UnsafePointer<UInt8>) -> Int {
    let (classes, count) = (logits.channels, logits.batch * extent.count)
    guard classes < 256 else { return 0 }
    let least = UInt8(classes)
    return UnsafeBufferPointer(start: labels, count: count).reduce(0) { $0 &+ ($1 >= least ? 1 : 0) }
  }

  /// - Parameter weight: what the sum of weighted terms is divided by.
  private func withShape(
    _ term: VoxelTerm?, ignored: Int = 0, weight: Double = 1, _ body: (UnsafePointer<loss_shape>) -> Void
  ) {
    var shape = loss_shape(
      batch: Int32(logits.batch), depth: Int32(extent.depth), classes: Int32(logits.channels),
      stride: Int32(logits.paddedChannels), height: height.cAxis, width: width.cAxis,
      pixelwise: (term?.countsEveryClass ?? false) ? 1 : 0, ignored: ignored, weights: nil, weight: weight)
    withExtendedLifetime((height, width)) {
      guard let weights else { return body(&shape) }
      weights.values.withUnsafeBufferPointer {
        shape.weights = $0.baseAddress
        body(&shape)
      }
    }
  }

  /// The loss; `gradient` receives its gradient by the coarse logits. A voxel whose label is no class is ignored.
  package func loss(
    logits values: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, gradient: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) -> Double {
    switch passes {
    case .terms(let term):
      return mean(
        term, ignored: ignored(labels), logits: values, labels: labels, gradient: gradient, scratch: scratch, pool)
    case .overlaps(let loss):
      let ignored = ignored(labels)
      let result = loss(overlaps(ignored: ignored, logits: values, labels: labels, scratch: scratch, pool))
      spread(result, ignored: ignored, logits: values, labels: labels, gradient: gradient, scratch: scratch, pool)
      return result.value
    case nil: preconditionFailure("a network that only predicts has no loss")
    }
  }

  /// The class with the largest logit, voxel by voxel.
  package func classify(
    logits values: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer,
    _ pool: WorkerPool
  ) {
    let rows = rows(scratch)
    withShape(nil) { shape in
      pool.forEach(slices) { range, worker in
        kernels.classify(shape, values, labels, rows + worker * rowCount, range.lowerBound, range.upperBound)
      }
    }
  }
}

// MARK: - One pass

extension Head {
  private func mean(
    _ term: VoxelTerm, ignored: Int, logits values: UnsafePointer<Float>, labels: UnsafePointer<UInt8>,
    gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) -> Double {
    let (losses, rows) = (scratch.assumingMemoryBound(to: Double.self), rows(scratch))
    let terms = divisor(term, ignored: ignored, labels)
    withShape(term, ignored: ignored, weight: terms) { shape in
      pool.forEach(slices) { range, worker in
        kernels.loss(
          shape, values, labels, gradient, losses, rows + worker * rowCount, range.lowerBound, range.upperBound)
      }
    }
    return (0..<slices).reduce(0) { $0 + losses[$1] } / terms
  }

  /// What makes a mean of the sum of all terms: their number, or of a weighted cross-entropy the sum of their weights.
  private func divisor(_ term: VoxelTerm, ignored: Int, _ labels: UnsafePointer<UInt8>) -> Double {
    let voxels = slices * extent.height * extent.width
    let counted = max(voxels - ignored, 1)
    switch term {
    case .pixelwise: return Double(counted * logits.channels)
    case .crossEntropy:
      guard let weights else { return Double(counted) }
      var labelled = [Double](repeating: 0, count: 256)
      for voxel in 0..<voxels { labelled[Int(labels[voxel])] += 1 }
      return weights.sum(labelled).orOne
    }
  }
}

// MARK: - Two passes

/// Scratch: the sums of every slice, then the derivatives of every case, then rows.
extension Head {
  private var sumCount: Int { overlap_sums_count(Int32(logits.channels)) }
  private var sliceSumBytes: Int { (slices * sumCount * MemoryLayout<Double>.stride).roundedUp(to: 64) }
  private var derivativeCount: Int { overlap_derivatives_count(Int32(logits.channels)) }

  /// The sums of every case: over its slices, in order.
  private func overlaps(
    ignored: Int, logits values: UnsafePointer<Float>, labels: UnsafePointer<UInt8>,
    scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) -> [OverlapSums] {
    let (sums, rows) = (scratch.assumingMemoryBound(to: Double.self), rows(scratch))
    withShape(nil, ignored: ignored) { shape in
      pool.forEach(slices) { range, worker in
        overlap.sums(shape, values, labels, sums, rows + worker * rowCount, range.lowerBound, range.upperBound)
      }
    }
    return (0..<logits.batch).map { index in
      func sum(_ place: Int) -> Double {
        (index * extent.depth..<(index + 1) * extent.depth).reduce(0) { $0 + sums[$1 * sumCount + place] }
      }
      let classes = 0..<logits.channels
      return OverlapSums(
        common: classes.map { sum($0) }, predicted: classes.map { sum(classes.count + $0) },
        labelled: classes.map { sum(2 * classes.count + $0) }, crossEntropy: sum(3 * classes.count),
        weights: weights)
    }
  }

  /// From the sums back to the logits.
  private func spread(
    _ loss: OverlapLoss, ignored: Int, logits values: UnsafePointer<Float>, labels: UnsafePointer<UInt8>,
    gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) {
    let derivatives = (scratch + sliceSumBytes).assumingMemoryBound(to: Float.self)
    for (index, one) in loss.derivatives.enumerated() {
      let place = derivatives + index * derivativeCount
      for (offset, value) in (one.common + one.predicted + [one.crossEntropy]).enumerated() {
        place[offset] = Float(value)
      }
    }
    let rows = rows(scratch)
    withShape(nil, ignored: ignored) { shape in
      pool.forEach(slices) { range, worker in
        overlap.gradient(
          shape, values, labels, derivatives, gradient, rows + worker * rowCount, range.lowerBound, range.upperBound)
      }
    }
  }
}

extension Head {
  /// The logits at the image's extent, `[K, D, H, W]` of the first case.
  package func expanded(logits values: UnsafePointer<Float>, _ pool: WorkerPool) -> [Float] {
    let resize = TrilinearResize(from: logits, to: extent)
    let (kernel, shape) = (TrilinearResizeKernel(resize, cpu), resize.outputShape(of: [logits]))
    let output = AlignedBuffer<Float>(count: shape.storedCount)
    let scratch = AlignedBuffer<UInt8>(count: kernel.scratchBytes(.forward))
    kernel.forward(
      ForwardCall(
        inputs: [Activation(values)], output: MutableActivation(output.base), parameters: [], statistics: [],
        saved: UnsafeMutableRawPointer(scratch.base), scratch: UnsafeMutableRawPointer(scratch.base), mode: .inference,
        pool: pool))
    return (0..<logits.channels).flatMap { channel in
      (0..<extent.count).map { output[$0 * shape.paddedChannels + channel] }
    }
  }
}

extension VoxelTerm {
  /// Which of the two loops of `loss.h` serves it; another kind of term needs another loop.
  fileprivate var countsEveryClass: Bool {
    switch self {
    case .crossEntropy: false
    case .pixelwise: true
    }
  }
}
