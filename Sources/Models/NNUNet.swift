import Compute
import JSON
import Networks

/// nnU-Net's U-Net (Isensee et al. 2021 and 2024; `PlainConvUNet` and `ResidualEncoderUNet` of
/// dynamic_network_architectures 0.4): an encoder of stages whose first layer carries the stride, a decoder
/// of transposed convolutions with kernel = stride, and 1x1x1 heads. Strides, kernels and channels follow from spacing and
/// size by `NNUNetPlan`; the layers are in NNUNetLayers.swift.
///
///     stage:    x ← leakyReLU(instanceNorm(W ∗ x + b)), `convolutions` times; or residual blocks
///     decoder:  y = stage([transposed(below), skip])
///
/// With deep supervision every decoder stage but the lowest has a head, whose loss counts half as much as that of the stage
/// above it. Weights begin by He's rule. Parameters have nnU-Net's names, but heads that are not trained do not exist. It
/// sees whole images, or patches (`training.patch`): see `docs/recipes.md`.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct NNUNet: Network {
  /// What the stages going down are made of.
  package var encoder = Encoder.plain
  /// Millimetres from voxel to voxel of the prepared image, along D, H and W.
  package var spacing = [4.0, 1, 1]
  /// Channels of the first stage. All numbers are those of nnU-Net's planner for three dimensions.
  package var features = 32
  /// Channels that no stage exceeds.
  package var mostFeatures = 320
  /// Of every stage, going down and coming up; with a residual encoder blocks and convolutions are nnU-Net's.
  package var convolutions = 2
  /// Whether coarser decoder stages are compared with labels too.
  package var deepSupervision = true

  /// The two encoders that nnU-Net has.
  package enum Encoder: String, CaseIterable, Sendable {
    /// Convolutions alone.
    case plain
    /// 1, 3, 4 and then 6 residual blocks a stage, and one convolution in every stage of the decoder: nnU-Net's presets
    /// ResEnc M, L and XL, which differ in the memory they are planned for.
    case residual
  }

  /// nnU-Net's widths, for slices four times as thick as their voxels are wide.
  package init() {}

  /// The stages for an image of this size.
  package func plan(at size: Extent3) -> NNUNetPlan {
    NNUNetPlan(spacing: spacing, size: size, features: features, mostFeatures: mostFeatures)
  }

  /// He's rule for a leaky ReLU, as nnU-Net's.
  package var initialization: WeightInitialization { .he(slope: Double(LeakyRectifier.standardSlope)) }
}

// MARK: As experiments name it

extension NNUNet {
  /// An experiment names it `"kind": "nnunet"`; begins the names of its runs' directories.
  package static let kind = "nnunet"
  /// What the schema of experiments says of it.
  package static let summary = "nnU-Net's U-Net, with a plain or a residual encoder"

  /// Every property, with the range that it may have.
  package static var fields: [Field<Self>] {
    [
      Field("encoder", \.encoder, .choice(), "Plain convolutions, or residual blocks (nnU-Net's ResEnc presets)"),
      Field(
        "spacing", \.spacing, .list(of: .number(Interval(lower: 1e-3, upper: 1e3)), count: 3...3),
        "Millimetres from voxel to voxel of the prepared images, along depth, height and width: decides strides and"
          + " kernels"),
      Field("features", \.features, .channels, "Channels of the first stage; they double with every stage"),
      Field("mostFeatures", \.mostFeatures, .channels, "Channels that no stage exceeds"),
      Field("convolutions", \.convolutions, .integer(1...8), "Of every stage, going down and coming up"),
      Field(
        "deepSupervision", \.deepSupervision, .flag,
        "Compare coarser stages of the decoder with labels too, each half as much as the one above it"),
    ]
  }

  /// Three positive spacings, channels above 1, and no cap below the first stage's.
  package var problems: [ModelProblem] {
    [
      .unless(
        spacing.count == 3 && spacing.allSatisfy { $0 > 0 && $0.isFinite }, "spacing", "must be three lengths above 0"),
      .unless(features > 1, "features", "must be above 1"),
      .unless(mostFeatures >= features, "mostFeatures", "must not be below features"),
      .unless(convolutions > 0, "convolutions", "must be positive"),
      .unless(
        encoder == .plain || convolutions == 2, "convolutions", "does nothing with a residual encoder; leave it out"),
    ].compactMap(\.self)
  }

  /// One at least in the plane; how many there are follows from the size.
  package var halvings: Int { 3 }

  /// `spacing`.
  package var plannedSpacing: [Double]? { spacing }

  /// Stages, and of every axis why it is not halved once more.
  package func reasons(at size: Extent3) -> [String] {
    let sides = spacing.map { "\($0)" }.joined(separator: " x ")
    return ["by nnU-Net's rules, at \(sides) mm:"] + plan(at: size).reasons(spacing: spacing, size: size)
  }

  /// nnU-Net pads an image until its strides divide it; here the size is the experiment's.
  package func suitable(_ size: Extent3) -> Extent3 { plan(at: size).padded }

  /// Deep supervision, where the decoder has two stages or fewer: the finest is compared with labels always, the lowest never.
  package func idleFields(at size: Extent3) -> [IdleField] {
    guard plan(at: size).stages.count <= 3 else { return [] }
    return [
      IdleField(
        "deepSupervision", cause: "at \(size) the decoder has no stage between its finest and its lowest", remedy: nil)
    ]
  }
}
