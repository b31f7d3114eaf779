import Compute

/// Average pooling whose stride is its window, of 1 or 2 voxels along each axis; no padding.
///
///     y(d, h, w) = mean x(s₀d + i, s₁h + j, s₂w + k),  0 ≤ i < s₀, 0 ≤ j < s₁, 0 ≤ k < s₂
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, ⌊D/s₀⌋, ⌊H/s₁⌋, ⌊W/s₂⌋, C]`; what is left of an odd side belongs to no window, as in PyTorch
package struct AveragePooling: Operation {
  /// s: 1 or 2 along D, H and W.
  package let window: Extent3

  /// - Precondition: sides of 1 or 2.
  package init(window: Extent3) {
    precondition(
      [window.depth, window.height, window.width].allSatisfy { 1...2 ~= $0 }, "window \(window) is not of 1 and 2")
    self.window = window
  }

  /// As tables of cost and time name it.
  package var kind: String { "average pooling" }

  /// The extent over the window, rounded down; an input without a single window traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let (input, from) = (inputs[0], inputs[0].extent)
    let extent = Extent3(from.depth / window.depth, from.height / window.height, from.width / window.width)
    precondition(extent.count > 0, "no window of \(window) in \(input)")
    return Shape(batch: input.batch, extent, channels: input.channels)
  }

  /// Nothing: the gradient is spread evenly.
  package var backwardReads: BackwardReads { BackwardReads() }
  /// One pass over the input gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// The mean of every window of 1 or 2 voxels along each axis.
  package func averagePooled(_ window: Extent3) -> Node { applying(AveragePooling(window: window)) }
}
