import Compute
import JSON
import Networks

/// The scene-aware fusion network (BMC Neuroscience 2023), as `safnet_reference.py` reads it.
///
/// A residual encoder gives features at H/4, H/8 and H/16 (low, mid, high). High passes ASPP and self-attention, low
/// and mid multiscale fusion. The pooled, attended high features gate low and mid (Eq. 6-8); gated, low and mid are
/// concatenated at low's size, projected, classified and upsampled. Without the gate (the variants of Table 2), high is
/// upsampled and concatenated instead. `splice` chooses among other readings of Eq. 6-8.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, classes]`
package struct SAFNet: Network {
  /// Channels of every feature map behind the stem.
  package var width = 128
  /// Channels of the stem's two blocks.
  package var stem = [32, 64]
  /// ASPP on the high features (Fig. 4).
  package var aspp = true
  /// Self-attention on the high features (Fig. 5 and 6).
  package var attention = true
  /// Multiscale fusion of the low and of the middle features.
  package var multiscale = true
  /// Nil: with the gate when all three modules are on.
  package var gate: Bool?
  /// What the gate multiplies and what is concatenated, where there is a gate.
  package var splice = Splice.gatedProduct
  /// Dilations of ASPP's branches, along all axes.
  package var asppRates = [6, 12, 18]
  /// In-plane dilations of the fusion's branches; their number divides `width`.
  package var fusionRates = [2, 4, 8, 16]
  /// Queries and keys have `width / attentionReduction` channels; divides `width`.
  package var attentionReduction = 8

  /// The whole network of the paper.
  package init() {}

  /// One row of Table 2: the paper's network with some modules only.
  package init(aspp: Bool, attention: Bool, multiscale: Bool) {
    (self.aspp, self.attention, self.multiscale) = (aspp, attention, multiscale)
  }

  /// Whether the high features gate low and middle ones (Eq. 6-8), or are concatenated with them.
  package var hasGate: Bool { splice.hasGate && (gate ?? (aspp && attention && multiscale)) }

  // MARK: Forward

  /// Encoder, the modules that are on, gate or concatenation, projection, class scores resized to the image.
  package func logits(of image: Node, classes: Int) -> Node {
    var (low, mid, high) = features(of: image)
    if aspp { high = ASPP(rates: asppRates)(high, "aspp") }
    if attention { high = attended(high, "attention") }
    if multiscale {
      let fusion = MultiscaleFusion(rates: fusionRates)
      (low, mid) = (fusion(low, "fuse_low"), fusion(mid, "fuse_mid"))
    }
    mid = mid.resized(to: low.shape.extent)
    let maps = (hasGate ? splice : .plain).maps(low: low, mid: mid, high: high) { gate(from: high) }
    let spliced = ConvNormReLU(width, kernel: 1)(.concatenated(maps), "splice")
    return spliced.convolved(classes, kernel: 1, bias: true, "classify").resized(to: image.shape.extent)
  }

  /// Stem of stride (1,2,2), then residuals of stride (1,2,2); high adds a residual and three blocks "with holes".
  private func features(of image: Node) -> (low: Node, mid: Node, high: Node) {
    var x = ConvNormReLU(stem[0])(image, "stem.0")
    x = ConvNormReLU(stem[1], stride: .inPlane)(x, "stem.1")
    let low = Residual(width, stride: .inPlane)(x, "low")
    let mid = Residual(width, stride: .inPlane)(low, "mid")
    var high = Residual(width, stride: .inPlane)(mid, "high.0")
    high = Residual(width, stride: 1)(high, "high.1")
    for index in 2..<5 { high = ConvNormReLU(width, dilation: Extent3(1, 2, 2))(high, "high" / index) }
    return (low, mid, high)
  }

  /// Eq. 6 and 7: pool, sigmoid, attention; one vector for each case.
  private func gate(from high: Node) -> Node { attended(high.globalMean().sigmoid(), "gate") }

  private func attended(_ x: Node, _ name: Name) -> Node {
    SelfAttention(reduction: attentionReduction)(x, name)
  }
}

extension SAFNet {
  /// Table 2's first row: encoder and concatenation alone.
  package static let base = Self(aspp: false, attention: false, multiscale: false)
  /// Table 2's second row.
  package static let withASPP = Self(aspp: true, attention: false, multiscale: false)
  /// Table 2's third row.
  package static let withMultiscaleFusion = Self(aspp: false, attention: false, multiscale: true)
  /// Table 2's fourth row.
  package static let withSelfAttention = Self(aspp: false, attention: true, multiscale: false)
  /// Table 2's last row: all modules, and the gate.
  package static let full = Self()

  /// The rows of Table 2, in the paper's order and words.
  package static let table2: [(name: String, network: Self)] = [
    ("Base", .base), ("Base + ASPP", .withASPP), ("Base + Multiscale fusion", .withMultiscaleFusion),
    ("Base + Self-attention mechanism", .withSelfAttention), ("SAFNet", .full),
  ]
}

// MARK: As experiments name it

extension SAFNet {
  /// An experiment names it `"kind": "safnet"`; begins the names of its runs\' directories.
  package static let kind = "safnet"
  /// What the schema of experiments says of it.
  package static let summary = "SAFNet and its ablation variants"

  /// Every property, with the range that it may have.
  package static var fields: [Field<Self>] {
    [
      Field("width", \.width, .integer(1...widest), "Channels of the feature maps"),
      Field(
        "stem", \.stem, .list(of: .integer(1...4096), count: 2...2), "Channels of the two convolutions of the stem"),
      Field("aspp", \.aspp, .flag, "Atrous spatial pyramid pooling on the high features"),
      Field("attention", \.attention, .flag, "Self-attention on the high features"),
      Field("multiscale", \.multiscale, .flag, "Multiscale fusion on the low and middle features"),
      Field(
        "gate", \.gate, .optional(.flag, none: "false"), "The gate of Eq. 6-8; when absent, on with all three modules"),
      Field(
        "splice", \.splice, .choice(), absentMeans: .gatedProduct,
        "What is concatenated where there is a gate: the reading of Eq. 6-8; plain is without the gate"),
      Field(
        "asppRates", \.asppRates, .list(of: .integer(1...256), count: 1...8), "Dilations of the pyramid's branches"),
      Field(
        "fusionRates", \.fusionRates, .list(of: .integer(1...256), count: 1...16),
        "In-plane dilations of the fusion's branches"),
      Field(
        "attentionReduction", \.attentionReduction, .integer(1...4096),
        "Query and key have width / this many channels"),
    ]
  }

  /// Widths above 1, as a feature map of one channel would be stored as an image is; a width that the fusion's branches
  /// and the attention's reduction divide, where these are on.
  package var problems: [ModelProblem] {
    [
      .unless(stem.count == 2 && stem.allSatisfy { $0 > 1 }, "stem", "must be two numbers above 1"),
      .unless(!asppRates.isEmpty && asppRates.allSatisfy { $0 > 0 }, "asppRates", "must be positive numbers"),
      .unless(!fusionRates.isEmpty && fusionRates.allSatisfy { $0 > 0 }, "fusionRates", "must be positive numbers"),
      .unless(attentionReduction > 0, "attentionReduction", "must be positive"),
      width > 1 && isDivided(width) ? nil : ModelProblem(field: "width", rule: widthRule),
      .unless(splice != .plain || gate != true, "splice", "must be another where gate is true, or leave the gate out"),
      .unless(
        gate != false || splice == .gatedProduct || splice == .plain, "splice", "must be left out where gate is false"),
    ].compactMap(\.self)
  }

  /// Into how many equal parts the fusion's branches and the attention's reduction divide the width; 1 where they are off or
  /// are mistakes themselves.
  private var divisors: (branches: Int, reduction: Int) {
    (
      multiscale ? max(fusionRates.count, 1) : 1,
      attention || hasGate ? max(attentionReduction, 1) : 1
    )
  }

  /// A branch of one channel would be stored as an image is.
  private func isDivided(_ width: Int) -> Bool {
    let (branches, reduction) = divisors
    return width % branches == 0 && width % reduction == 0 && (branches == 1 || width > branches)
  }

  /// With the widths that would do from the nearest below this one on.
  private var widthRule: String {
    let (branches, reduction) = divisors
    let rules = [
      branches > 1 ? "of \(branches) (the number of fusionRates, each with two channels or more)" : nil,
      reduction > 1 ? "of \(reduction) (attentionReduction)" : nil,
    ].compactMap(\.self)
    if rules.isEmpty { return "must be above 1" }
    let fitting = (2...Self.widest).filter(isDivided)
    let shown = fitting[(fitting.lastIndex { $0 < width } ?? 0)...].prefix(3).map(String.init).joined(separator: ", ")
    return "must be a multiple \(rules.joined(separator: " and "))"
      + (fitting.isEmpty ? "; no width up to \(Self.widest) is" : ", such as \(shown)")
  }

  private static let widest = 4096

  /// The columns that Table 2 ticks; the gate follows from the others and is in no directory's name.
  package var components: [NetworkComponent] {
    [
      NetworkComponent("ASPP", slug: "aspp", isOn: aspp),
      NetworkComponent("Multiscale fusion", slug: "multiscale", isOn: multiscale),
      NetworkComponent("Self-attention", slug: "attention", isOn: attention),
      NetworkComponent("Gate", slug: nil, isOn: hasGate),
    ]
  }

  /// The same with `gate` spelt out, so that an absent gate and the gate that it means have one identity; without a gate
  /// every splice is the same network.
  package var resolved: Self {
    var network = self
    network.gate = hasGate
    if !hasGate { network.splice = .gatedProduct }
    return network
  }

  /// Four: the stem, low, mid and high each halve once.
  package var halvings: Int { 4 }

  /// Dilations that reach beyond the features: the pyramid's at H/16, the fusion's at H/4 and so at H/8 too.
  package func oddities(at size: Extent3) -> [ModelProblem] {
    let usual = SAFNet()
    return [
      aspp
        ? idle(
          asppRates, "asppRates", usual: usual.asppRates, map: size.halvedInPlane(4),
          along: [\.depth, \.height, \.width])
        : nil,
      multiscale
        ? idle(
          fusionRates, "fusionRates", usual: usual.fusionRates, map: size.halvedInPlane(2), along: [\.height, \.width])
        : nil,
    ].compactMap(\.self)
  }

  /// What belongs to a module that is off, or to a gate that is not there.
  package func idleFields(at size: Extent3) -> [IdleField] {
    func off(_ field: String, _ module: String) -> IdleField {
      IdleField(field, cause: "model.\(module) is false", remedy: "set model.\(module) to true")
    }
    return [
      aspp ? nil : off("asppRates", "aspp"),
      multiscale ? nil : off("fusionRates", "multiscale"),
      attention || hasGate ? nil : off("attentionReduction", "attention"),
      hasGate || splice == .plain
        ? nil
        : IdleField(
          "splice", cause: "there is no gate without aspp, attention and multiscale", remedy: "set model.gate to true"),
    ].compactMap(\.self)
  }
}
