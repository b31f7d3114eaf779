import Networks
import Text

/// The engines that a program has, the one that is used when nobody names another first.
///
/// The program makes this list where it starts, and hands it, or one engine of it, down.
package struct Engines: Sendable {
  /// The standard one first.
  package let all: [any Engine]

  /// At least one engine, and no two of one name; anything else traps.
  package init(_ all: [any Engine]) {
    precondition(!all.isEmpty, "a program without an engine")
    precondition(Set(all.map(\.name)).count == all.count, "two engines of one name among \(all.map(\.name))")
    self.all = all
  }

  /// What computes when nobody names an engine.
  package var standard: any Engine { all[0] }

  /// The engine that a command names; `pjrt:1` is the second device of the engine `pjrt`.
  ///
  /// - Throws: `UnknownEngine`, which says the nearest name and all there are.
  package func engine(named name: String) throws(UnknownEngine) -> any Engine {
    if let engine = all.first(where: { $0.name == name }) ?? numbered(name) { return engine }
    let names = all.map(\.name)
    let isDevice = Self.devices.contains(name.lowercased())
    throw UnknownEngine(
      name: name, nearest: isDevice ? names.dropFirst().first : name.nearest(in: names), known: names)
  }

  /// What people call a computing device: never the standard engine, which needs none.
  private static let devices: Set = ["gpu", "cuda", "nvidia", "tpu", "rocm", "xla", "device", "metal"]

  private func numbered(_ name: String) -> (any Engine)? {
    let parts = name.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let device = Int(parts[1]), device >= 0, parts[1] == "\(device)" else { return nil }
    return all.first { $0.name == parts[0] }?.numbered(device)
  }
}

/// A name that no engine of this program has.
package struct UnknownEngine: Error, Equatable, CustomStringConvertible {
  /// What was asked for.
  package let name: String
  /// The name that was probably meant; nil where none is close.
  package let nearest: String?
  /// Every name that would have done.
  package let known: [String]

  /// One line for the command's user.
  package var description: String {
    "no engine is named \"\(name)\"\(nearest.hint); there are " + known.joined(separator: ", ")
  }
}
