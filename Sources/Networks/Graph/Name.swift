/// A parameter's path in PyTorch's form: `"stem" / 0 / "conv"` is `stem.0.conv`.
package struct Name: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let path: String

  package init(_ path: String) { self.path = path }
  package init(stringLiteral path: String) { self.path = path }
  package var description: String { path }

  package static func / (name: Name, part: String) -> Name {
    Name(name.path.isEmpty ? part : name.path + "." + part)
  }

  package static func / (name: Name, index: Int) -> Name { name / String(index) }
}
