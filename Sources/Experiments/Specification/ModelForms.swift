import Models

extension ModelConfiguration {
  /// Every model an experiment can name; `kind` tells them apart.
  package static var form: Form<ModelConfiguration> {
    .tagged([
      Alternative("safnet", SAFNet.Configuration(), SAFNet.Configuration.form, ModelConfiguration.safnet) { model in
        if case .safnet(let configuration) = model { configuration } else { nil }
      }
    ])
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
