import ArgumentParser
import Foundation

/// One word that may be several values with commas between, as `--only` and `--folds` take them.
struct CommaList<Value: ExpressibleByArgument>: ExpressibleByArgument {
  let values: [Value]

  init?(argument: String) {
    let parts = argument.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let values = parts.compactMap { Value(argument: $0) }
    guard !parts.isEmpty, values.count == parts.count else { return nil }
    self.values = values
  }

  static var allValueStrings: [String] { Value.allValueStrings }
}
