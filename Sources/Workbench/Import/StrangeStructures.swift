import JSON
import Text

/// Names in a list of structures that the experiment does not have, and what to write in the list's place.
enum StrangeStructures {
  typealias Entry = (name: String, numbers: [Int]?)

  /// Nil where there are none.
  ///
  /// - Parameters:
  ///   - entries: of the list, without its background.
  ///   - structures: the experiment's.
  static func words(_ entries: [Entry], _ structures: [String]) -> String? {
    let strangers = entries.filter { !structures.contains($0.name) }
    guard let first = strangers.first else { return nil }
    let quoted = ImportProblem.short(strangers.map { CanonicalJSON.quoted($0.name) })
    let near = strangers.count == 1 ? first.name.nearest(in: structures) : nil
    let listed = entries.map { entry -> String in
      let numbers = entry.numbers ?? []
      return numbers.isEmpty ? entry.name : "\(entry.name) (\(numbers.map(String.init).joined(separator: ", ")))"
    }
    let what = strangers.count == 1 ? "is no structure" : "are no structures"
    return
      "\(quoted) \(what) of this experiment\(near.closingHint) The file has \(listed.joined(separator: ", ")), and the"
      + " experiment \(structures.joined(separator: ", ")): say which number is which in a file for --labels, such as"
      + " \(example(entries, strangers, structures)); what counts as background stands there too: {\"background\": [0, 7]}"
  }

  /// Whose name is another has the numbers that are left over, in their order, where there are as many of both.
  private static func example(_ entries: [Entry], _ strangers: [Entry], _ structures: [String]) -> String {
    let missing = structures.filter { name in !entries.contains { $0.name == name } }
    let members = structures.prefix(6).map { name -> String in
      var entry = entries.first { $0.name == name }
      if let place = missing.firstIndex(of: name), missing.count == strangers.count { entry = strangers[place] }
      return "\(CanonicalJSON.quoted(name)): \(entry?.numbers?.first.map { "\($0)" } ?? "NUMBER")"
    }
    return "{\(members.joined(separator: ", "))\(structures.count > members.count ? ", ..." : "")}"
  }
}
