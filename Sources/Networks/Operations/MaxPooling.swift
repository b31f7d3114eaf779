import Compute

/// Max pooling in the slice plane: window and stride (1,2,2), no padding.
///
///     y(h, w) = max x(2h + i, 2w + j),  i, j in {0, 1}
///
/// - Input:  `[N, D, H, W, C]`, H and W at least 2
/// - Output: `[N, D, ⌊H/2⌋, ⌊W/2⌋, C]`; an odd last row or column belongs to no window, as in PyTorch
///
/// The gradient goes to the window's first largest value.
package struct MaxPooling: Operation {
  /// The one kind of pooling that these networks have.
  package init() {}

  /// As tables of cost and time name it.
  package var kind: String { "max pooling" }

  /// Half the height and width, rounded down; an input without a single window traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let (input, extent) = (inputs[0], inputs[0].extent)
    precondition(extent.height > 1 && extent.width > 1, "no window of 1x2x2 in \(input)")
    return Shape(
      batch: input.batch, Extent3(extent.depth, extent.height / 2, extent.width / 2), channels: input.channels)
  }

  /// The input, which says again which value of a window was the largest.
  package var backwardReads: BackwardReads { BackwardReads(inputs: [0]) }
  /// One pass over the input gives y again, so it is not kept.
  package var isCheapToRecompute: Bool { true }
}

extension Node {
  /// Half the height and width, rounded down: the largest of every 2 x 2 voxels of a slice.
  package func maxPooled() -> Node { applying(MaxPooling()) }
}
