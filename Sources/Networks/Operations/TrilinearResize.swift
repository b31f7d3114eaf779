import Compute

/// Trilinear interpolation to another extent, voxel centres aligned (PyTorch's `align_corners=False`). Along each axis
///
///     source(o) = max(0, (o + ½) · in / out − ½),  low = ⌊source⌋,  high = min(low + 1, in − 1)
///
/// and output o mixes inputs low and high with weights 1 − t and t, t = source − low.
package struct TrilinearResize: Operation {
  /// What is read; the tables of positions and weights are made for it.
  package let input: Shape
  /// Depth, height and width of the result; each may grow or shrink.
  package let extent: Extent3

  /// Any extent to any other, axis by axis.
  package init(from input: Shape, to extent: Extent3) {
    (self.input, self.extent) = (input, extent)
  }

  /// As tables of cost and time name it.
  package var kind: String { "resize" }

  /// `[N, extent, C]`; another input than the declared one traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == input, "a resize of \(input) cannot read \(inputs[0])")
    return Shape(batch: input.batch, extent, channels: input.channels)
  }
}

extension Node {
  /// This node at another extent; itself when the extent is already right.
  package func resized(to extent: Extent3) -> Node {
    shape.extent == extent ? self : applying(TrilinearResize(from: shape, to: extent))
  }
}
