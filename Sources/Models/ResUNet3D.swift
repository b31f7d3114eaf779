import Compute
import JSON
import Networks

/// 3D ResUNet: 3D UNet whose layers are residual blocks and whose skips pass attention gates (after Xiao et al. 2018,
/// "Weighted Res-UNet"; the gate is the additive one of Oktay et al. 2018, arXiv 1804.03999).
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct ResUNet3D: Network {
  /// First and second width of every analysis layer; the last is the bottom.
  package var levels = UNet.standardLevels

  /// The widths of 3D UNet.
  package init() {}

  // MARK: Forward

  /// The U of `UNet` with residual layers, each skip gated by what comes up from below.
  package func logits(of image: Node, classes: Int) -> Node {
    var net = UNet(levels: levels) { x, widths, name in
      ResidualDoubleConvolution(widths: widths)(x, name)
    }
    net.attend = { skip, up, name in attended(skip, by: up, name) }
    return net.logits(of: image, classes: classes)
  }

  /// `skip σ(ψ max(0, W skip + G up + b) + c)`, half as many channels in between (Oktay, Eq. 1 and 2).
  private func attended(_ skip: Node, by up: Node, _ name: Name) -> Node {
    let inner = skip.shape.channels / 2
    let sum =
      skip.convolved(inner, kernel: 1, name / "skip") + up.convolved(inner, kernel: 1, bias: true, name / "gate")
    return skip.gated(by: sum.relu().convolved(1, kernel: 1, bias: true, name / "psi"))
  }
}

/// Two 3x3x3 convolutions and a 1x1x1 shortcut: `y = max(0, norm(W₂ ∗ CBR(x)) + norm(W₁ ∗ x))`.
struct ResidualDoubleConvolution: Layer {
  var widths: [Int]

  func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let deep = ConvNormReLU(widths[0])(x, name / "first")
    let sum =
      ConvNormReLU(widths[1], rectifies: false)(deep, name / "second")
      + ConvNormReLU(widths[1], kernel: 1, rectifies: false)(x, name / "shortcut")
    return sum.relu()
  }
}

// MARK: As experiments name it

extension ResUNet3D {
  /// An experiment names it `"kind": "resunet3d"`; begins the names of its runs\' directories.
  package static let kind = "resunet3d"
  /// What the schema of experiments says of it.
  package static let summary = "3D ResUNet with attention gates"

  /// The widths of every level.
  package static var fields: [Field<Self>] { [Field("levels", \.levels, UNet.levelsForm, UNet.levelsMeaning)] }

  /// Two levels or more, each of two widths above 1; half of a gated one is above 1 too.
  package var problems: [ModelProblem] {
    let problems = UNet.problems(of: levels)
    guard problems.isEmpty else { return problems }
    let areGated = levels.dropLast().allSatisfy { $0[1] > 3 }
    let rule = "must have second numbers above 3 before the last pair: an attention gate takes half of them"
    return [.unless(areGated, "levels", rule)].compactMap(\.self)
  }

  /// One pooling between each two levels.
  package var halvings: Int { levels.count - 1 }
}
