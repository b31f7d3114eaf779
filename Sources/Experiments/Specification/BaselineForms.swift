import JSON
import Models

/// Channels of a layer of a baseline.
private var channels: Form<Int> { .integer(2...4096) }

/// One number for each layer.
private func perLayer(_ number: Form<Int>, atLeast count: Int) -> Form<[Int]> { .list(of: number, count: count...16) }

extension UNetConfiguration {
  /// Of 3D UNet and of 3D ResUNet, which `kind` tells apart.
  static func form(_ kind: String, _ summary: String) -> Form<Self> {
    .record(
      summary, Self(),
      [
        .constant("kind", kind),
        Field(
          "levels", \.levels, .list(of: .list(of: channels, count: 2...2), count: 2...8),
          "First and second width of every analysis layer; the last is the bottom"),
      ])
  }
}

extension DeepLabV3.Configuration {
  static var form: Form<Self> {
    .record(
      "3D DeepLabV3 with its decoder", Self(),
      [
        .constant("kind", "deeplabv3"),
        Field("stem", \.stem, channels, "Channels of the stem"),
        Field("stages", \.stages, perLayer(channels, atLeast: 2), "Channels of every stage; the last is dilated"),
        Field("blocks", \.blocks, perLayer(.integer(1...64), atLeast: 2), "Residual blocks of every stage"),
        Field("rates", \.rates, perLayer(.integer(1...256), atLeast: 1), "Dilations of the pyramid's branches"),
        Field("pyramid", \.pyramid, channels, "Channels of the pyramid"),
        Field("low", \.low, channels, "Channels of the reduced low-level map"),
        Field("decoder", \.decoder, channels, "Channels of the decoder"),
      ])
  }
}

extension CFNet.Configuration {
  static var form: Form<Self> {
    .record(
      "Cascade fusion network", Self(),
      [
        .constant("kind", "cfnet"),
        Field("stem", \.stem, channels, "Channels at half the size"),
        Field("stemBlocks", \.stemBlocks, .integer(0...64), "Blocks at half the size"),
        Field(
          "widths", \.widths, perLayer(channels, atLeast: 2), "Channels of every scale, from a quarter of the size"),
        Field("blocks", \.blocks, perLayer(.integer(1...64), atLeast: 2), "Blocks of every scale"),
        Field("stages", \.stages, .integer(1...16), "Cascaded stages"),
        Field("head", \.head, channels, "Channels of the joined map"),
        Field("layerScale", \.layerScale, .single, "First value of every layer scale"),
      ])
  }
}

extension Form where Value == Float {
  /// A number that is kept in single precision; written with the digits that it was given.
  fileprivate static var single: Form {
    Form<Double>.number(Interval(lower: -1e6, upper: 1e6)).map({ Float($0) }, { Double($0.description)! })
  }
}
