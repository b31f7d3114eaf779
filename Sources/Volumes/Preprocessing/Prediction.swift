import Compute
import Foundation

/// An image without a mask, ready for a network, and the way its prediction goes back to the image's own grid.
package struct PredictionInput: Sendable {
  package let file: URL
  package let image: Grid3<Float>
  /// Millimetres between voxel centres of `image` along D, H, W.
  package let spacing: SIMD3<Double>
  package let geometry: Geometry
  private let steps: PreprocessingSteps

  package init(_ file: URL, preprocessing: Preprocessing) throws(DatasetErrors) {
    let volume: Volume
    do { volume = try NIfTI.read(file) } catch { throw DatasetErrors([.volume(error)]) }
    (self.file, geometry) = (file, volume.geometry)
    steps = PreprocessingSteps(preprocessing, for: volume.grid.extent)
    spacing = steps.spacing(of: volume.geometry.spacing)
    do {
      try CaseCheck.finite(volume, file: file)
      image = try steps.image(volume.grid, file: file.path)
    } catch {
      throw DatasetErrors([error])
    }
  }

  /// The predicted classes on the image's own grid, in D, H, W.
  package func restored(_ labels: Grid3<UInt8>) -> Grid3<UInt8> { steps.restored(labels) }

  /// Writes predicted classes as a mask with the image's header geometry and the label map's numbers.
  package func write(_ labels: Grid3<UInt8>, map: LabelMap, to output: URL) throws(NIfTIError) {
    let restored = geometry.axes.file(from: steps.restored(labels), shape: geometry.shape)
    let numbers = [0] + map.structures.map(\.value)
    if numbers.allSatisfy({ (0...255).contains($0) }) {
      try NIfTI.write(restored.map { UInt8(numbers[Int($0)]) }, like: file, to: output)
    } else {
      try NIfTI.write(restored.map { Int16(numbers[Int($0)]) }, like: file, to: output)
    }
  }
}
