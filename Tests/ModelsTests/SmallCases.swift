import CPU
import Compute
import Models
import Networks

/// A case small enough for a test: a noisy image of boxes, and which box each voxel is in.
struct SmallCase {
  let extent: Extent3
  let images: [Float]
  let labels: [UInt8]

  init(extent: Extent3, batch: Int = 1, classes: Int, seed: UInt64 = 7) {
    self.extent = extent
    var stream = RandomStream(seed: seed, purpose: .test)
    var (images, labels): ([Float], [UInt8]) = ([], [])
    for _ in 0..<batch {
      for _ in 0..<extent.depth {
        for h in 0..<extent.height {
          for w in 0..<extent.width {
            let inside = w * 4 > extent.width && w * 4 < extent.width * 3
            let label = inside ? 1 + h * (classes - 1) / extent.height : 0
            labels.append(UInt8(label))
            images.append(Float(label) / Float(classes) + stream.nextUniform(in: -0.1...0.1))
          }
        }
      }
    }
    (self.images, self.labels) = (images, labels)
  }

  func step(_ session: CPUSession, rate: Float = 1e-3) throws -> StepRecord {
    try session.step(images: images, labels: labels, batch: images.count / extent.count, learningRate: rate)
  }

  func prediction(_ session: CPUSession) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: extent.count)
    session.predict(image: images, into: &result)
    return result
  }
}

extension SAFNet {
  /// A variant at a sixteenth of the paper's cost; odd channel counts exercise the padding.
  var small: Self {
    var small = self
    (small.width, small.stem, small.attentionReduction) = (16, [8, 16], 8)
    return small
  }
}

/// SAFNet and its variants, small, in the order of Table 2.
let smallVariants: [ModelConfiguration] = SAFNet.table2.map { ModelConfiguration($0.network.small) }

/// Full SAFNet, small, with every splice but the literal one, which is the last of `smallVariants`.
let smallReadings: [(splice: Splice, model: ModelConfiguration)] = Splice.allCases.dropFirst().map { splice in
  var network = SAFNet.full.small
  network.splice = splice
  return (splice, ModelConfiguration(network))
}

/// The baselines, small; odd channel counts exercise the padding.
let smallBaselines: [ModelConfiguration] = {
  var (unet, resunet) = (UNet3D(), ResUNet3D())
  var (deeplab, cfnet) = (DeepLabV3(), CFNet())
  unet.levels = [[3, 6], [5, 18], [8, 20], [12, 24]]
  resunet.levels = unet.levels
  (deeplab.stem, deeplab.stages, deeplab.blocks) = (6, [6, 10, 18, 20], [1, 2, 1, 2])
  (deeplab.pyramid, deeplab.low, deeplab.decoder) = (12, 5, 9)
  (cfnet.stem, cfnet.stemBlocks, cfnet.widths) = (6, 1, [10, 18, 20])
  (cfnet.blocks, cfnet.stages, cfnet.head) = ([1, 2, 1], 2, 12)
  return ([unet, resunet, deeplab, cfnet] as [any Network]).map { ModelConfiguration($0) }
}()

/// nnU-Net's network, small; at the sizes of its golden files with strides of 1 and 2 along every axis.
func smallNNUNet(spacing: [Double] = [3, 1, 1], deepSupervision: Bool = true, encoder: NNUNet.Encoder = .plain)
  -> ModelConfiguration
{
  var network = NNUNet()
  network.encoder = encoder
  network.deepSupervision = deepSupervision
  (network.spacing, network.features, network.mostFeatures) = (spacing, 6, 20)
  return ModelConfiguration(network)
}

/// All networks of the project, small.
let smallModels =
  smallVariants + smallReadings.map(\.model) + smallBaselines + [smallNNUNet(), smallNNUNet(encoder: .residual)]

/// Every network that concatenates, with few channels, but 32 in all that is concatenated.
let wideModels: [ModelConfiguration] = {
  var (paper, narrow) = (SAFNet.full, SAFNet.full)
  paper.stem = [8, 16]
  (narrow.width, narrow.stem, narrow.splice) = (32, [8, 16], .gatedEach)
  var (unet, resunet) = (UNet3D(), ResUNet3D())
  unet.levels = [[8, 32], [32, 64], [64, 64]]
  resunet.levels = unet.levels
  var (deeplab, cfnet) = (DeepLabV3(), CFNet())
  (deeplab.stem, deeplab.stages, deeplab.pyramid, deeplab.decoder) = (8, [16, 32, 32, 64], 64, 32)
  (cfnet.stem, cfnet.widths, cfnet.blocks, cfnet.stages, cfnet.head) = (16, [32, 64, 96], [1, 1, 1], 1, 32)
  var nnunet = NNUNet()
  nnunet.mostFeatures = 64
  return ([paper, narrow, unet, resunet, deeplab, cfnet, nnunet] as [any Network]).map { ModelConfiguration($0) }
}()
