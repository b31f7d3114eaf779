import CKernels
import Compute
import Networks

/// The end of a network: in-plane upsampling of the logits to the image, then loss with gradient, or classification.
/// All three are fused row by row; full-resolution logits exist only when somebody asks for them.
package struct Head {
  package let logits: Shape
  package let extent: Extent3
  private let height: ResizeAxis
  private let width: ResizeAxis
  private let cpu: CPUBackend
  private let kernels: loss_kernels

  package init(logits: Shape, extent: Extent3, _ cpu: CPUBackend) {
    precondition(logits.extent.depth == extent.depth, "logits \(logits) cannot be resized in the plane to \(extent)")
    precondition(logits.channels <= 256, "labels are bytes: \(logits.channels) classes are too many")
    (self.logits, self.extent, self.cpu, kernels) = (logits, extent, cpu, cpu.kernels.losses.pointee)
    height = ResizeAxis(from: logits.extent.height, to: extent.height)
    width = ResizeAxis(from: logits.extent.width, to: extent.width)
  }

  private var slices: Int { logits.batch * extent.depth }
  private var rowCount: Int { 2 * logits.extent.width * logits.paddedChannels }
  private var lossBytes: Int { (slices * MemoryLayout<Double>.stride + 63) / 64 * 64 }

  package var scratchBytes: Int { lossBytes + cpu.workers * rowCount * MemoryLayout<Float>.stride }

  private func withShape(_ kind: LossKind, _ body: (UnsafePointer<loss_shape>) -> Void) {
    withExtendedLifetime((height, width)) {
      let shape = loss_shape(
        batch: Int32(logits.batch), depth: Int32(extent.depth), classes: Int32(logits.channels),
        stride: Int32(logits.paddedChannels), height: height.cAxis, width: width.cAxis,
        pixelwise: kind == .pixelwise ? 1 : 0)
      withUnsafePointer(to: shape, body)
    }
  }

  /// The mean loss; `gradient` receives its gradient by the coarse logits.
  package func loss(
    _ kind: LossKind, logits values: UnsafePointer<Float>, labels: UnsafePointer<UInt8>,
    gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) -> Double {
    let losses = scratch.assumingMemoryBound(to: Double.self)
    let rows = (scratch + lossBytes).assumingMemoryBound(to: Float.self)
    withShape(kind) { shape in
      pool.forEach(slices) { range, worker in
        kernels.loss(
          shape, values, labels, gradient, losses, rows + worker * rowCount, range.lowerBound, range.upperBound)
      }
    }
    let terms = slices * extent.height * extent.width * (kind == .pixelwise ? logits.channels : 1)
    return (0..<slices).reduce(0) { $0 + losses[$1] } / Double(terms)
  }

  /// The class with the largest logit, voxel by voxel.
  package func classify(
    logits values: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer,
    _ pool: WorkerPool
  ) {
    let rows = (scratch + lossBytes).assumingMemoryBound(to: Float.self)
    withShape(.crossEntropy) { shape in
      pool.forEach(slices) { range, worker in
        kernels.classify(shape, values, labels, rows + worker * rowCount, range.lowerBound, range.upperBound)
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
