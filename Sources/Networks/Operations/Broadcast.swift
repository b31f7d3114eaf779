import Compute

/// One vector per volume, at every voxel: `[N, 1, 1, 1, C]` -> `[N, D, H, W, C]`.
package struct Broadcast: Operation {
  package let extent: Extent3

  package var kind: String { "broadcast" }

  package func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0].extent == 1, "only one vector per volume can be broadcast, not \(inputs[0])")
    return Shape(batch: inputs[0].batch, extent, channels: inputs[0].channels)
  }
}

extension Node {
  package func broadcast(to extent: Extent3) -> Node {
    shape.extent == extent ? self : applying(Broadcast(extent: extent))
  }
}
