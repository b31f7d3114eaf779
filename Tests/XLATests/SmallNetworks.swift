import Compute
import Models
import Networks

/// Every network of the program, small, with odd numbers of channels.
enum SmallNetworks {
  static let all: [ModelConfiguration] = safnets + baselines + nnunets

  /// One of each family: SAFNet with everything, a U, one with depthwise convolutions, and one with deep supervision.
  static let kinds = [safnets[4], baselines[1], baselines[3], nnunets[1]]

  static let safnets: [ModelConfiguration] =
    SAFNet.table2.map { ModelConfiguration(small($0.network)) }
    + Splice.allCases.dropFirst().map { splice in
      var network = small(SAFNet.full)
      network.splice = splice
      return ModelConfiguration(network)
    }

  private static func small(_ network: SAFNet) -> SAFNet {
    var network = network
    (network.width, network.stem, network.attentionReduction) = (8, [4, 6], 4)
    return network
  }

  static let baselines: [ModelConfiguration] = {
    var (unet, resunet, deeplab, cfnet) = (UNet3D(), ResUNet3D(), DeepLabV3(), CFNet())
    unet.levels = [[3, 4], [5, 6], [7, 8], [8, 10]]
    resunet.levels = unet.levels
    (deeplab.stem, deeplab.stages, deeplab.blocks) = (4, [4, 6, 7, 8], [1, 1, 1, 1])
    (deeplab.pyramid, deeplab.low, deeplab.decoder) = (6, 3, 5)
    (cfnet.stem, cfnet.stemBlocks, cfnet.widths) = (4, 1, [6, 8, 9])
    (cfnet.blocks, cfnet.stages, cfnet.head) = ([1, 1, 1], 1, 6)
    return ([unet, resunet, deeplab, cfnet] as [any Network]).map { ModelConfiguration($0) }
  }()

  static let nnunets: [ModelConfiguration] = [
    nnunet(), nnunet(encoder: .residual), nnunet(deepSupervision: false),
  ]

  static func nnunet(encoder: NNUNet.Encoder = .plain, deepSupervision: Bool = true) -> ModelConfiguration {
    var network = NNUNet()
    (network.encoder, network.deepSupervision) = (encoder, deepSupervision)
    (network.spacing, network.features, network.mostFeatures) = ([3, 1, 1], 4, 8)
    return ModelConfiguration(network)
  }

  /// The nearest sizes to an odd one that the network can have.
  static func extent(of model: ModelConfiguration) -> Extent3 {
    model.kind == "nnunet" ? Extent3(5, 16, 24) : Extent3(5, 19, 14)
  }
}
