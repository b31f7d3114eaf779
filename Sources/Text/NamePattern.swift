/// A pattern of names as shells have it: `*` stands for any text, `?` for one character, everything else for itself.
package struct NamePattern: Equatable, Sendable {
  private enum Part: Equatable, Sendable {
    case any
    case one
    case literal(Character)
  }

  private let parts: [Part]

  /// `Base*`, `?D UNet`, `*width 64*`.
  package init(_ text: String) {
    parts = text.map { $0 == "*" ? .any : $0 == "?" ? .one : .literal($0) }
  }

  /// A name that means itself only.
  package init(literal name: String) { parts = name.map { .literal($0) } }

  /// Whether the pattern covers the whole name.
  package func matches(_ name: String) -> Bool {
    // Which prefixes of the pattern can have taken the name so far; linear in both, however many stars there are.
    var reached = expanded([0])
    for character in name {
      let next = reached.filter { $0 < parts.count }.compactMap { index -> Int? in
        switch parts[index] {
        case .any: index
        case .one: index + 1
        case .literal(let own): own == character ? index + 1 : nil
        }
      }
      reached = expanded(Set(next))
      if reached.isEmpty { return false }
    }
    return reached.contains(parts.count)
  }

  /// A star may also take nothing.
  private func expanded(_ indices: Set<Int>) -> Set<Int> {
    var all = indices
    for index in parts.indices where parts[index] == .any && all.contains(index) { all.insert(index + 1) }
    return all
  }
}
