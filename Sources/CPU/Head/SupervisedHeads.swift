import CKernels
import Compute
import Networks

/// Everything of a network that is compared with labels: its own head, and those of deep supervision, whose labels are the
/// image's at the head's extent. One after another, in the same scratch.
package struct SupervisedHeads {
  /// The network's own, which also classifies.
  package let main: Head
  private let auxiliaries: [Head]
  private let extent: Extent3
  private let kernels: arithmetic_kernels

  /// - Parameters:
  ///   - shapes: class scores, the network's own first; the others have their final extent.
  ///   - extent: the image's.
  ///   - loss: nil where there are no labels.
  ///   - weights: of every class; nil: each is 1.
  package init(
    _ shapes: [Shape], extent: Extent3, loss: AnyLoss?, weights: ClassWeights? = nil, _ cpu: CPUBackend
  ) {
    main = Head(logits: shapes[0], extent: extent, loss: loss, weights: weights, cpu)
    auxiliaries = shapes.dropFirst().map {
      Head(logits: $0, extent: $0.extent, loss: loss, weights: weights, cpu)
    }
    (self.extent, kernels) = (extent, cpu.kernels.arithmetic.pointee)
  }

  private var heads: [Head] { [main] + auxiliaries }

  /// What the losses need, in which every head in turn works.
  private var lossBytes: Int { (heads.map(\.scratchBytes).max() ?? 0).roundedUp(to: 64) }
  private var labelCount: Int { auxiliaries.map { $0.logits.batch * $0.extent.count }.max() ?? 0 }

  /// Bytes for losses and gradients, or for classification: after them the labels of a coarser head.
  package var scratchBytes: Int { lossBytes + labelCount }

  /// The weighted sum of all losses; every gradient receives that of the sum.
  ///
  /// - Parameters:
  ///   - values: the scores of every head.
  ///   - labels: the image's.
  package func loss(
    logits values: [UnsafePointer<Float>], labels: UnsafePointer<UInt8>, gradients: [UnsafeMutablePointer<Float>],
    scratch: UnsafeMutableRawPointer, _ pool: WorkerPool
  ) -> Double {
    // One head counts whole: its gradient needs no further pass.
    guard !auxiliaries.isEmpty else {
      return main.loss(logits: values[0], labels: labels, gradient: gradients[0], scratch: scratch, pool)
    }
    let shares = DeepSupervision.weights(heads.count)
    return zip(heads, shares).enumerated().reduce(0) { sum, one in
      let (index, (head, share)) = one
      let own = index == 0 ? labels : UnsafePointer(coarse(labels, for: head, in: scratch))
      let loss = head.loss(
        logits: values[index], labels: own, gradient: gradients[index], scratch: scratch, pool)
      let target = gradient_target(at: gradients[index], accumulate: 0)
      kernels.scale(gradients[index], Float(share), target, head.logits.storedCount)
      return sum + share * loss
    }
  }

  /// The labels that lie nearest to the voxels of a coarser grid, case by case.
  private func coarse(
    _ labels: UnsafePointer<UInt8>, for head: Head, in scratch: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<UInt8> {
    let result = (scratch + lossBytes).assumingMemoryBound(to: UInt8.self)
    let to = head.extent
    let slices = DeepSupervision.sources(from: extent.depth, to: to.depth)
    let rows = DeepSupervision.sources(from: extent.height, to: to.height)
    let columns = DeepSupervision.sources(from: extent.width, to: to.width)
    var place = result
    for number in 0..<head.logits.batch {
      for slice in slices {
        for row in rows {
          let from = labels + ((number * extent.depth + slice) * extent.height + row) * extent.width
          for column in columns {
            place.pointee = from[column]
            place += 1
          }
        }
      }
    }
    return result
  }
}
