/// A parameter's path in PyTorch's form: `"stem" / 0 / "conv"` is `stem.0.conv`.
package struct Name: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The parts with dots between them; empty for the root.
  package let path: String

  /// A name whose path is this, dots and all.
  package init(_ path: String) { self.path = path }
  /// The same from a literal: `"stem.0"`.
  package init(stringLiteral path: String) { self.path = path }
  /// The path, for messages.
  package var description: String { path }

  /// The name of a part: its path behind this one's, with a dot between where this is not the root.
  package static func / (name: Name, part: String) -> Name {
    Name(name.path.isEmpty ? part : name.path + "." + part)
  }

  /// The name of a numbered part, as PyTorch's `Sequential` and `ModuleList` count from 0.
  package static func / (name: Name, index: Int) -> Name { name / String(index) }
}
