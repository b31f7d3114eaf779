import Networks

/// Any network of this project, as experiments name it: JSON `{"kind": "safnet", ...}`, absent fields at defaults.
///
/// A new network is one case here and one line in each switch.
package enum ModelConfiguration: Hashable, Sendable {
  case safnet(SAFNet.Configuration)
  case unet3d(UNetConfiguration)
  case resunet3d(UNetConfiguration)
  case deeplabv3(DeepLabV3.Configuration)
  case cfnet(CFNet.Configuration)

  package enum Kind: String, Codable, CaseIterable, Sendable {
    case safnet, unet3d, resunet3d, deeplabv3, cfnet
  }

  package var kind: Kind {
    switch self {
    case .safnet: .safnet
    case .unet3d: .unet3d
    case .resunet3d: .resunet3d
    case .deeplabv3: .deeplabv3
    case .cfnet: .cfnet
    }
  }

  /// The network of a kind with the paper's settings.
  package static func standard(_ kind: Kind) -> ModelConfiguration {
    switch kind {
    case .safnet: .safnet(SAFNet.Configuration())
    case .unet3d: .unet3d(UNetConfiguration())
    case .resunet3d: .resunet3d(UNetConfiguration())
    case .deeplabv3: .deeplabv3(DeepLabV3.Configuration())
    case .cfnet: .cfnet(CFNet.Configuration())
    }
  }

  /// What keeps this configuration from being a network.
  package var problems: [ModelProblem] {
    switch self {
    case .safnet(let configuration): configuration.problems
    case .unet3d(let configuration), .resunet3d(let configuration): configuration.problems
    case .deeplabv3(let configuration): configuration.problems
    case .cfnet(let configuration): configuration.problems
    }
  }
}

/// A field of a model's configuration that cannot be what it is.
package struct ModelProblem: Hashable, Sendable {
  package let field: String
  package let rule: String

  package init(field: String, rule: String) { (self.field, self.rule) = (field, rule) }
}

extension ModelConfiguration: NetworkModel {
  package func logits(of image: Node, classes: Int) -> Node {
    precondition(problems.isEmpty, "\(kind): \(problems.map { "\($0.field) \($0.rule)" }.joined(separator: "; "))")
    return switch self {
    case .safnet(let configuration): SAFNet(configuration).logits(of: image, classes: classes)
    case .unet3d(let configuration): UNet3D(configuration).logits(of: image, classes: classes)
    case .resunet3d(let configuration): ResUNet3D(configuration).logits(of: image, classes: classes)
    case .deeplabv3(let configuration): DeepLabV3(configuration).logits(of: image, classes: classes)
    case .cfnet(let configuration): CFNet(configuration).logits(of: image, classes: classes)
    }
  }
}

extension ModelConfiguration: Codable {
  private enum Keys: String, CodingKey { case kind }

  package init(from decoder: any Decoder) throws {
    switch try decoder.container(keyedBy: Keys.self).decode(Kind.self, forKey: .kind) {
    case .safnet: self = .safnet(try SAFNet.Configuration(from: decoder))
    case .unet3d: self = .unet3d(try UNetConfiguration(from: decoder))
    case .resunet3d: self = .resunet3d(try UNetConfiguration(from: decoder))
    case .deeplabv3: self = .deeplabv3(try DeepLabV3.Configuration(from: decoder))
    case .cfnet: self = .cfnet(try CFNet.Configuration(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .safnet(let configuration): try configuration.encode(to: encoder)
    case .unet3d(let configuration), .resunet3d(let configuration): try configuration.encode(to: encoder)
    case .deeplabv3(let configuration): try configuration.encode(to: encoder)
    case .cfnet(let configuration): try configuration.encode(to: encoder)
    }
  }
}
