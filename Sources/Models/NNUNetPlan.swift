import Compute

/// What nnU-Net's published rules make of an image's spacing and size (Isensee et al. 2021; `get_pool_and_conv_props` of
/// nnunetv2 2.8):
///
/// - An axis can be halved while it has `2 · leastEdge` voxels or more, and its spacing is below twice the finest of such
///   axes; halving doubles its spacing. A last single axis is halved only from `3 · leastEdge` voxels on.
/// - Along an axis a stage has kernels of 1 until its spacing is below twice the finest, then and ever after of 3; the
///   lowest stage has 3 x 3 x 3.
/// - Channels double from stage to stage, up to a cap.
///
/// Departure: an odd axis is not halved. nnU-Net pads the image until all halvings divide it: that size is `padded`.
package struct NNUNetPlan: Hashable, Sendable {
  /// One resolution, from fine to coarse.
  package struct Stage: Hashable, Sendable {
    /// From the stage before, along D, H and W: 1 or 2; of the first stage 1.
    package let stride: Extent3
    /// Of its convolutions, along D, H and W: 1 or 3.
    package let kernel: Extent3
    /// Channels of its convolutions.
    package let features: Int
  }

  /// At least one.
  package let stages: [Stage]
  /// The size that nnU-Net would train at: the smallest that all its halvings divide.
  package let padded: Extent3

  /// The shortest side that a halving leaves.
  package static let leastEdge = 4

  /// - Parameters:
  ///   - spacing: millimetres from voxel to voxel along D, H and W.
  ///   - features: channels of the first stage.
  ///   - mostFeatures: those that no stage exceeds.
  package init(spacing: [Double], size: Extent3, features: Int, mostFeatures: Int) {
    let sides = [size.depth, size.height, size.width].map(Double.init)
    stages = Self.stages(spacing, sides, features, mostFeatures, onlyEven: true)
    padded = Self(padding: sides, spacing: spacing, features: features, mostFeatures: mostFeatures).padded
  }

  /// What nnU-Net makes of a size that its halvings need not divide: the stages are those of the padded size.
  ///
  /// - Parameter sides: along three axes. A median over images of an even number may be half a voxel.
  package init(padding sides: [Double], spacing: [Double], features: Int, mostFeatures: Int) {
    let stages = Self.stages(spacing, sides, features, mostFeatures, onlyEven: false)
    func up(_ side: Double, _ axis: (Extent3) -> Int) -> Int {
      let divisor = stages.reduce(1) { $0 * axis($1.stride) }
      return Int((side / Double(divisor)).rounded(.up)) * divisor
    }
    padded = Extent3(up(sides[0], \.depth), up(sides[1], \.height), up(sides[2], \.width))
    self.stages = stages
  }

  private static func stages(
    _ spacing: [Double], _ sides: [Double], _ features: Int, _ mostFeatures: Int, onlyEven: Bool
  ) -> [Stage] {
    stages(spacing, sides, onlyEven: onlyEven).enumerated().map { index, stage in
      Stage(
        stride: stage.stride, kernel: stage.kernel,
        features: index < 12 ? min(mostFeatures, features << index) : mostFeatures)
    }
  }

  private static func stages(
    _ spacing: [Double], _ sides: [Double], onlyEven: Bool
  ) -> [(stride: Extent3, kernel: Extent3)] {
    var (spacing, size) = (spacing, sides)
    var (stride, kernel) = ([1, 1, 1], [1, 1, 1])
    var found: [(stride: Extent3, kernel: Extent3)] = []
    while true {
      let halved = halvedAxes(spacing, size, onlyEven: onlyEven)
      guard !halved.isEmpty else { break }
      let finest = spacing.min() ?? 1
      for axis in 0..<3 where spacing[axis] / finest < 2 { kernel[axis] = 3 }
      found.append((Extent3(stride[0], stride[1], stride[2]), Extent3(kernel[0], kernel[1], kernel[2])))
      stride = [1, 1, 1]
      for axis in halved {
        (stride[axis], size[axis]) = (2, (size[axis] / 2).rounded(.up))
        spacing[axis] *= 2
      }
    }
    return found + [(Extent3(stride[0], stride[1], stride[2]), 3)]
  }

  private static func halvedAxes(_ spacing: [Double], _ size: [Double], onlyEven: Bool) -> [Int] {
    let least = Double(leastEdge)
    let large = (0..<3).filter {
      size[$0] >= 2 * least && (!onlyEven || size[$0].truncatingRemainder(dividingBy: 2) == 0)
    }
    let finest = large.map { spacing[$0] }.min() ?? 1
    let halved = large.filter { spacing[$0] / finest < 2 }
    return halved.count == 1 && size[halved[0]] < 3 * least ? [] : halved
  }
}

// MARK: In words

extension NNUNetPlan {
  /// One line for every stage and every axis.
  package func reasons(spacing: [Double], size: Extent3) -> [String] {
    var (spacing, size) = (spacing, [size.depth, size.height, size.width])
    var (lines, halvings) = ([String](), [0, 0, 0])
    for (index, stage) in stages.enumerated() {
      for (axis, step) in [stage.stride.depth, stage.stride.height, stage.stride.width].enumerated() where step == 2 {
        (size[axis], spacing[axis], halvings[axis]) = (size[axis] / 2, spacing[axis] * 2, halvings[axis] + 1)
      }
      let extent = size.map(String.init).joined(separator: "x")
      lines.append("stage \(index + 1): \(extent), \(stage.features) channels, kernels \(stage.kernel)")
    }
    let finest = (0..<3).filter { size[$0] >= 2 * Self.leastEdge }.map { spacing[$0] }.min() ?? 0
    return lines
      + (0..<3).map { axis in
        let times = halvings[axis] == 1 ? "once" : "\(halvings[axis]) times"
        let why = Self.obstacle(size: size[axis], spacing: spacing[axis], finest: finest)
        return "\(["depth", "height", "width"][axis]): halved \(halvings[axis] == 0 ? "never" : times), because \(why)"
      }
  }

  /// Why an axis of so many voxels is not halved again.
  private static func obstacle(size: Int, spacing: Double, finest: Double) -> String {
    if size < 2 * leastEdge { return "half of \(size) voxels would be fewer than \(leastEdge)" }
    if spacing >= 2 * finest {
      return "its spacing of \(spacing) mm is twice the finest of \(finest) mm or more"
    }
    return size % 2 == 1
      ? "\(size) voxels are odd" : "\(size) voxels along this axis alone are fewer than \(3 * leastEdge)"
  }
}
