import Compute

/// One vector per volume, at every voxel: `[N, 1, 1, 1, C]` -> `[N, D, H, W, C]`.
package struct Broadcast: Operation {
  /// Depth, height and width of the result.
  package let extent: Extent3

  /// As tables of cost and time name it.
  package var kind: String { "broadcast" }

  /// `[N, D, H, W, C]` from `[N, 1, 1, 1, C]`; an input with more than one voxel traps.
  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].extent == 1, "only one vector per volume can be broadcast, not \(inputs[0])")
    return Shape(batch: inputs[0].batch, extent, channels: inputs[0].channels)
  }
}

extension Node {
  /// This node's one vector per volume at every voxel of `extent`; itself where that is 1x1x1.
  package func broadcast(to extent: Extent3) -> Node {
    shape.extent == extent ? self : applying(Broadcast(extent: extent))
  }
}
