/// Which bits a training produces: the same plan under the same numerics version, on the same instruction set, ends in
/// the same bits. `NumericsVersion.current` of target `Training` is this program's, with the history of all.
///
/// Every run records it: in its environment, with each worker that started or resumed it, and in its checkpoints. Files
/// that were written before it was recorded have none (nil): which bits such a run has cannot be told.
package struct NumericsVersion: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  package var description: String { "numerics version \(rawValue)" }

  package static func words(_ version: NumericsVersion?) -> String {
    version?.description ?? "an unrecorded numerics version"
  }
}
