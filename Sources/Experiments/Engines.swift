import Networks

/// The engines that a program has, the one that is used when nobody names another first.
///
/// The program makes this list where it starts, and hands it, or one engine of it, down.
package struct Engines: Sendable {
  package let all: [any Engine]

  package init(_ all: [any Engine]) {
    precondition(!all.isEmpty, "a program without an engine")
    precondition(Set(all.map(\.name)).count == all.count, "two engines of one name among \(all.map(\.name))")
    self.all = all
  }

  package var standard: any Engine { all[0] }

  /// The engine of that name.
  package func engine(named name: String) throws(UnknownEngine) -> any Engine {
    guard let engine = all.first(where: { $0.name == name }) else {
      let names = all.map(\.name)
      throw UnknownEngine(name: name, nearest: name.nearest(in: names), known: names)
    }
    return engine
  }
}

/// A name that no engine of this program has.
package struct UnknownEngine: Error, Equatable, CustomStringConvertible {
  package let name: String
  package let nearest: String?
  package let known: [String]

  package var description: String {
    let hint = nearest.map { ", did you mean \($0)?" } ?? ""
    return "no engine is named \"\(name)\"\(hint); there are " + known.joined(separator: ", ")
  }
}
