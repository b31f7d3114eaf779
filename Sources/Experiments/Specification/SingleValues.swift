import Compute
import Models
import Networks

extension ModelConfiguration {
  /// The first layer whose batch normalisation would have a single value for each channel, whose variance is no number.
  func layerOfOneValue(at size: Extent3, batch: Int) -> String? {
    let graph = graph(batch: batch, extent: size, classes: 2)
    return graph.entries.first { entry in
      entry.operation is BatchNormalization && entry.shape.voxels == 1
    }?.name.path
  }
}
