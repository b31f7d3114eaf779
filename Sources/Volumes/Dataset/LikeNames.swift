import Foundation

extension LabelMap {
  /// Names of structures that a person would take for one: one line for each group of them.
  var likeNames: [String] {
    Dictionary(grouping: structures) { $0.name.lowercased().filter { !$0.isWhitespace } }.values
      .filter { $0.count > 1 }.sorted { $0[0].value < $1[0].value }
      .map { group in
        let names = group.map { "\"\($0.name)\"" }.joined(separator: " and ")
        let numbers = group.flatMap(\.values).sorted().map(String.init).joined(separator: ", ")
        let name = group[0].name.trimmingCharacters(in: .whitespaces)
        return
          "the structures \(names) differ in capitals or blanks only and are learnt as different ones; if they are one, write"
          + " \"\(name)\": [\(numbers)] in the labels, else give them names that tell them apart"
      }
  }
}
