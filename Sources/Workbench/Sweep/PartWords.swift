import Text

/// Folds and seeds as people say them ("fold 1", "folds 1,2", "f3", "fold 1, seed 2024"), and how they are asked for here.
package struct PartWords {
  /// With commas between.
  package let folds: String?
  package let seeds: String?

  /// Nil of a text that is about neither.
  package init?(_ text: String) {
    let pattern =
      /(?:(?:folds?|f)?[ _:=#-]*(?<folds>[0-9]+(?:[-, ]+[0-9]+)*))?(?:[ ,]*seeds?[ _:=]*(?<seeds>[0-9]+(?:[, ]+[0-9]+)*))?/
    guard let match = text.lowercased().wholeMatch(of: pattern), match.folds != nil || match.seeds != nil else {
      return nil
    }
    (folds, seeds) = (match.folds.map(Self.list), match.seeds.map(Self.list))
  }

  /// - Parameter variant: as it was typed; nil: none was.
  package func words(beside variant: String?) -> String {
    let name = variant.map { $0.last == "," ? String($0.dropLast()) : $0 }
    let options = [("only", name.map { ShellWord.quoted($0) }), ("folds", folds), ("seeds", seeds)]
    let chosen = [folds.map { _ in "folds" }, seeds.map { _ in "seeds" }].compactMap(\.self)
    return "\(chosen.joined(separator: " and ")) are chosen by options of their own: "
      + options.compactMap { option, value in value.map { "--\(option) \($0)" } }.joined(separator: " ")
  }

  private static func list(_ numbers: Substring) -> String {
    numbers.split { $0 == " " || $0 == "," }.joined(separator: ",")
  }
}
