import Training
import Volumes

/// `--components`: of which structures only the largest piece stays.
struct ComponentRules {
  /// In the label map's order.
  let largestOnly: [String]

  /// - Parameter texts: `largest` and `all` for every structure, `STRUCTURE=largest` and `STRUCTURE=all` for one; what
  ///   comes later counts.
  init(_ texts: [String], structures: LabelMap) throws {
    var chosen: Set<String> = []
    for text in texts {
      let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      // A structure's name may hold the sign itself.
      let name = parts.count > 1 ? parts.dropLast().joined(separator: "=") : nil
      if let name, !structures.names.contains(name) {
        throw Predictor.Refusal.unknownStructure(name: name, known: structures.names)
      }
      let names = name.map { [$0] } ?? structures.names
      switch parts.last {
      case "largest": chosen.formUnion(names)
      case "all": chosen.subtract(names)
      default: throw ImageUsageError.badComponents(text: text)
      }
    }
    largestOnly = structures.names.filter(chosen.contains)
  }
}
