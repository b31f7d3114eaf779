import Experiments
import Foundation
import Text
import Training
import Volumes

/// What `safnet predict` did, image by image.
package struct PredictionOutcome: Codable, Equatable, Sendable {
  package enum State: String, Codable, Sendable {
    case predicted
    /// It was there already, made in the same way of the same image.
    case there
    /// What stands there was made otherwise, and was left.
    case refused
    case failed
  }

  /// Voxels of pieces that `--components largest` took away.
  package struct Removed: Codable, Equatable, Sendable {
    package var structure: String
    package var pieces: Int
    package var voxels: Int
  }

  /// Voxels that `--levels consecutive` gave another name.
  package struct Renamed: Codable, Equatable, Sendable {
    package var structure: String
    /// Nil: they are background.
    package var name: String?
    package var voxels: Int
  }

  package struct Case: Codable, Equatable, Sendable {
    package var name: String
    package var image: String
    package var state: State
    /// The label map.
    package var output: String
    /// What is written beside it.
    package var extras: [String] = []
    package var seconds: Double?
    package var renamed: [Renamed] = []
    package var removed: [Removed] = []
    /// In what the image is unlike those the networks were trained on.
    package var warnings: [String] = []
    /// Why there is no label map.
    package var problem: String?

    /// What was made of the networks' label map besides; behind a comma, empty where nothing was.
    var changes: String {
      let renamed = renamed.map { "\($0.structure) to \($0.name ?? "background") \($0.voxels)" }
      let removed = removed.map { "\($0.structure) \($0.voxels)" }
      return [("voxels renamed", renamed), ("voxels of smaller pieces removed", removed)]
        .filter { !$0.1.isEmpty }.map { ", \($0.0): \($0.1.joined(separator: ", "))" }.joined()
    }
  }

  package var networks: [NetworkSource]
  /// How many of the variant's runs are finished; nil for runs that were called by their own names.
  package var coverage: String?
  package var cases: [Case] = []

  package func count(_ state: State) -> Int { cases.count { $0.state == state } }

  package var isComplete: Bool { count(.failed) + count(.refused) == 0 }

  /// One sentence of it all.
  package func summary(of output: String) -> String {
    let made = count(.predicted)
    let parts = [
      (made, "predicted, by \(networks.words)"), (count(.there), "there already"),
      (count(.refused), "left as it was"), (count(.failed), "failed"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    // A folder that is called as a label map is may be taken for one.
    let isFolder = NIfTIFiles.stem(output) != nil && cases.contains { $0.output != URL(fileURLWithPath: output).path }
    let place = isFolder && cases.count == 1 ? cases[0].output : isFolder ? "\(output)/" : output
    return "\(place): \(parts.joined(separator: "; "))"
  }
}

extension [NetworkSource] {
  /// "epoch 7 of safnet-f1-1a2b3c4d5e6f", or how many and each.
  var words: String {
    let names = map { "epoch \($0.epoch) of \($0.run)" }
    return names.count == 1 ? names[0] : "\(names.count) networks (\(names.joined(separator: ", ")))"
  }
}
