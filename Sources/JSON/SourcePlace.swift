/// Where a JSON value was written, so that an error can point at it.
package struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
  package enum Origin: Hashable, Sendable {
    /// A file, by the path that messages show.
    case file(String)
    /// An argument `--set key.path=value`.
    case option(String)
  }

  package var origin: Origin
  /// Both count from 1; a column is one Unicode scalar.
  package var line: Int
  package var column: Int

  package init(_ origin: Origin, line: Int = 1, column: Int = 1) {
    (self.origin, self.line, self.column) = (origin, line, column)
  }

  package var description: String {
    switch origin {
    case .file(let path): "\(path):\(line):\(column)"
    case .option(let text): "--set \(text)"
    }
  }
}

/// The way from a document's root to one of its values: `variants[2].model.width`.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
  package enum Step: Hashable, Sendable {
    case key(String)
    case index(Int)
  }

  package var steps: [Step] = []

  package init(_ steps: [Step] = []) { self.steps = steps }

  /// Plain keys joined by dots, for paths written in code.
  package init(stringLiteral keys: String) {
    steps = keys.split(separator: ".").map { .key(String($0)) }
  }

  package static func / (path: JSONPath, key: String) -> JSONPath { JSONPath(path.steps + [.key(key)]) }
  package static func / (path: JSONPath, index: Int) -> JSONPath { JSONPath(path.steps + [.index(index)]) }

  package var description: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where key.allSatisfy(Self.isPlain) && !key.isEmpty: text += text.isEmpty ? key : ".\(key)"
      case .key(let key): text += "[\(CanonicalJSON.quoted(key))]"
      }
    }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-$".contains(character)
  }
}
