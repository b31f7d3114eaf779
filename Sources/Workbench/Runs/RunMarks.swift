import JSON
import Store
import Text

/// By which fields of their plans runs are told apart that would look alike in a list.
struct RunMarks {
  private let differences: [JSONDifference]
  /// What the dataset held, which tells people something only where nothing else does.
  private let content: JSONDifference?
  private static let shownFields = 2

  /// - Parameter names: of all runs of the list; each stands at its own place in what is told of them.
  init(of names: [String], in index: WorkspaceIndex) throws {
    // Fold and seed have places of their own; the cases of a dataset tell nobody anything in a list.
    let all = try index.planDifferences(names)
    content = all.first { $0.path.description == "dataset.digest" }
    differences = all.filter { difference in
      !["fold", "dataset", "training.seed"].contains { difference.path.description.hasPrefix($0) }
    }
  }

  /// "training.epochs: 2, 1 more" for each run; empty where its place is its own.
  ///
  /// - Parameter places: what else is told of each.
  func words(_ places: [[String]]) -> [String] {
    places.indices.map { number in
      let alike = places.indices.filter { places[$0] == places[number] }
      func tells(_ difference: JSONDifference) -> Bool { Set(alike.map { Self.text(difference, $0) }).count > 1 }
      let others = differences.filter(tells)
      let telling = others.isEmpty ? [content].compactMap(\.self).filter(tells) : others
      let fields = telling.prefix(Self.shownFields).map { difference in
        "\(difference.path): " + Self.text(difference, number).shortened(to: 20)
      }
      let more = telling.count > fields.count ? ["\(telling.count - fields.count) more"] : []
      return (fields + more).joined(separator: ", ")
    }
  }

  private static func text(_ difference: JSONDifference, _ number: Int) -> String {
    difference.values[number].map(CanonicalJSON.text) ?? "absent"
  }
}
