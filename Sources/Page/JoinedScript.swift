/// The page's modules as one script, for a file that has no server to load them from.
///
/// It knows the two forms that these modules are written in, each on a line of its own: `import { a, b } from "./name.js";` and
/// `export` before a function or a constant. A module becomes a function that is called once, after those that it imports.
package enum JoinedScript {
  package static let text = "\"use strict\";\n" + modules(from: "main").map(joined).joined()

  /// A module and those that it imports, each behind what it imports itself.
  private static func modules(from name: String, besides known: [String] = []) -> [String] {
    let before = imports(of: name).reduce(known) { $1 == name || $0.contains($1) ? $0 : modules(from: $1, besides: $0) }
    return before + [name]
  }

  private static func lines(of name: String) -> [Substring] {
    PageFiles.text("/\(name).js").split(separator: "\n", omittingEmptySubsequences: false)
  }

  private static func imports(of name: String) -> [String] { lines(of: name).compactMap { source(of: $0)?.module } }

  /// Of an import: what is taken, as it stands between the brackets, and from which module.
  private static func source(of line: Substring) -> (names: Substring, module: String)? {
    let (head, middle, tail) = ("import {", "} from \"./", ".js\";")
    guard line.hasPrefix(head), line.hasSuffix(tail), let from = line.range(of: middle) else { return nil }
    return (
      line[line.index(line.startIndex, offsetBy: head.count)..<from.lowerBound],
      String(line[from.upperBound...].dropLast(tail.count))
    )
  }

  private static func joined(_ name: String) -> String {
    var exported: [Substring] = []
    let body = lines(of: name).map { line in
      if let (names, module) = source(of: line) { return "const {\(names)} = module_\(module);" }
      guard line.hasPrefix("export ") else { return String(line) }
      let rest = line.dropFirst("export ".count)
      let words = rest.split(separator: " ").drop { ["async", "function", "const"].contains($0) }
      exported += words.first.map { [$0.prefix { $0.isLetter || $0.isNumber }] } ?? []
      return String(rest)
    }
    return
      "const module_\(name) = (() => {\n\(body.joined(separator: "\n"))\nreturn { \(exported.joined(separator: ", ")) };\n})();\n"
  }
}
