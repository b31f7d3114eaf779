import Foundation
import System

extension Phantom {
  /// Writes the set in MRSpineSeg's layout: `MR/CaseN.nii.gz` and `Mask/mask_caseN.nii.gz`, N from 1.
  ///
  /// - Parameters:
  ///   - workers: threads; the files do not depend on their number.
  ///   - progress: called with the number of cases done and of all cases, in no particular thread.
  package func write(
    to root: URL, workers: Int = 2, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(DatasetErrors) {
    let wrong = problems.map { DatasetProblem.badPhantom(field: $0.path, reason: $0.message) }
    guard wrong.isEmpty else { throw DatasetErrors(wrong) }
    let images = root.appendingPathComponent("MR")
    let masks = root.appendingPathComponent("Mask")
    for folder in [images, masks] {
      do { try Folder.create(folder) } catch {
        throw DatasetErrors([
          .volume(.refusedBySystem(file: folder.path, reason: error.reason, remedy: error.remedy))
        ])
      }
    }
    let results = parallelMap(Array(1...cases), workers: workers, progress: progress) { number in
      Result { () throws(NIfTIError) in
        let scan = PhantomScan(self, index: number)
        let (geometry, axes) = (scan.geometry, scan.geometry.axes)
        try NIfTI.write(
          axes.file(from: scan.image, shape: geometry.shape), geometry: geometry,
          to: images.appendingPathComponent("Case\(number).nii.gz"))
        try NIfTI.write(
          axes.file(from: scan.mask, shape: geometry.shape), geometry: geometry,
          to: masks.appendingPathComponent("mask_case\(number).nii.gz"))
      }.mapError { DatasetErrors([.volume($0)]) }
    }
    _ = try DatasetErrors.collect(results)
  }

  /// What is out of range, as (key path, what is wrong); empty when all is sound.
  package var problems: [(path: String, message: String)] {
    var found: [(path: String, message: String)] = []
    func check(_ holds: Bool, _ path: String, _ message: String) {
      if !holds { found.append((path, message)) }
    }
    check((1...100_000).contains(cases), "cases", "\(cases) is not 1 to 100000")
    check(
      slices.lowerBound >= 1 && slices.upperBound <= 2048, "slices",
      "\(slices.lowerBound) to \(slices.upperBound) is not within 1 to 2048")
    check((16...4096).contains(height), "height", "\(height) is not 16 to 4096")
    check((16...4096).contains(width), "width", "\(width) is not 16 to 4096")
    check(
      fieldOfView.lowerBound >= 150 && fieldOfView.upperBound <= 600, "fieldOfView",
      "\(fieldOfView.lowerBound) to \(fieldOfView.upperBound) mm is not within 150 to 600 mm")
    check(noise >= 0 && noise <= 1, "noise", "\(noise) is not 0 to 1")
    return found
  }
}
