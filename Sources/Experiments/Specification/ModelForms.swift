import JSON
import Models

extension ModelConfiguration {
  /// Every model an experiment can name; `kind` tells them apart.
  package static var form: Form<ModelConfiguration> { .tagged(Kind.allCases.map(alternative)) }

  private static func alternative(_ kind: Kind) -> Alternative<ModelConfiguration> {
    let name = kind.rawValue
    return switch kind {
    case .safnet:
      Alternative(name, SAFNet.Configuration(), SAFNet.Configuration.form, Self.safnet) { model in
        if case .safnet(let own) = model { own } else { nil }
      }
    case .unet3d:
      Alternative(name, UNetConfiguration(), UNetConfiguration.form(name, "3D UNet"), Self.unet3d) { model in
        if case .unet3d(let own) = model { own } else { nil }
      }
    case .resunet3d:
      Alternative(
        name, UNetConfiguration(), UNetConfiguration.form(name, "3D ResUNet with attention gates"), Self.resunet3d
      ) { model in
        if case .resunet3d(let own) = model { own } else { nil }
      }
    case .deeplabv3:
      Alternative(name, DeepLabV3.Configuration(), DeepLabV3.Configuration.form, Self.deeplabv3) { model in
        if case .deeplabv3(let own) = model { own } else { nil }
      }
    case .cfnet:
      Alternative(name, CFNet.Configuration(), CFNet.Configuration.form, Self.cfnet) { model in
        if case .cfnet(let own) = model { own } else { nil }
      }
    }
  }
}

extension SAFNet.Configuration {
  static var form: Form<SAFNet.Configuration> {
    .record(
      "SAFNet and its ablation variants", SAFNet.Configuration(),
      [
        .constant("kind", "safnet"),
        Field("width", \.width, .integer(1...4096), "Channels of the feature maps"),
        Field(
          "stem", \.stem, .list(of: .integer(1...4096), count: 2...2), "Channels of the two convolutions of the stem"),
        Field("aspp", \.aspp, .flag, "Atrous spatial pyramid pooling on the high features"),
        Field("attention", \.attention, .flag, "Self-attention on the high features"),
        Field("multiscale", \.multiscale, .flag, "Multiscale fusion on the low and middle features"),
        Field("gate", \.gate, .optional(.flag), "The gate of Eq. 6-8; when absent, on with all three modules"),
        Field(
          "asppRates", \.asppRates, .list(of: .integer(1...256), count: 1...8), "Dilations of the pyramid's branches"),
        Field(
          "fusionRates", \.fusionRates, .list(of: .integer(1...256), count: 1...16),
          "In-plane dilations of the fusion's branches"),
        Field(
          "attentionReduction", \.attentionReduction, .integer(1...4096),
          "Query and key have width / this many channels"),
      ])
  }
}
