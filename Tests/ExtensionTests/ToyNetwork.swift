import Compute
import JSON
import Models
import Networks

/// What a contributor writes to add a network: this file, and one line in the list of networks.
///
/// One block and a classifier, at the image's own size.
struct ToyNetwork: Network {
  var width = 4
  var skips = true

  func logits(of image: Node, classes: Int) -> Node {
    let x = ConvNormReLU(width)(image, "block")
    let y = ConvNormReLU(width, kernel: 1)(x, "mix")
    return (skips ? x + y : y).convolved(classes, kernel: 1, bias: true, "classify")
  }

  static let kind = "toy"
  static let summary = "A network of two blocks"

  static var fields: [Field<Self>] {
    [
      Field("width", \.width, .channels, "Channels of both blocks"),
      Field("skips", \.skips, .flag, "Add the first block to the second"),
    ]
  }

  var problems: [ModelProblem] { [.unless(width > 1, "width", "must be above 1")].compactMap(\.self) }
  var halvings: Int { 0 }
  var components: [NetworkComponent] { [NetworkComponent("Skip", slug: "skip", isOn: skips)] }
}

extension NetworkRegistry {
  static let withToy = NetworkRegistry(Models.networks + [ToyNetwork.self])
}
