import JSON
import Text
import Volumes

/// Names of structures where an experiment gives them: numbers in their place, and groups that are called as something else is.
extension Specification {
  /// The mistake of a number in the place of a structure's name, told with the name that is meant; nil for every other. That
  /// it is no text would be mended by quotes, and the number in quotes be no name either.
  func ofStructure(_ mistake: JSONError) -> SpecificationError? {
    guard let isElement = Self.standsForStructures(mistake.path), case .wrongType(let found, _) = mistake.fault,
      let number = Int(found)
    else { return nil }
    let known = dataset.knownLabels
    let conflict = Conflict.numberForStructure(
      number, name: known?.name(for: found), known: known?.names, isElement: isElement)
    return SpecificationError(.conflict(conflict), at: mistake.path, mistake.place)
  }

  /// Whether names of structures stand at a path: true for one of them, false for a list of them; nil for all else.
  private static func standsForStructures(_ path: JSONPath) -> Bool? {
    var steps = path.steps
    var isElement = false
    if case .index? = steps.last { (steps, isElement) = (steps.dropLast(), true) }
    if steps.count == 3, steps.starts(with: [.key("report"), .key("groups")]) { return isElement }
    return isElement && steps.first == .key("prediction") && steps.last == .key("components") ? true : nil
  }

  /// Groups of the report that have the name of a structure, or of the row of all structures: a warning for each.
  ///
  /// - Parameter structures: those that are known.
  package func groupNotices(among structures: [String]) -> [String] {
    (report.groups ?? []).compactMap { group in
      let path: JSONPath = "report.groups" / group.name
      func isCalled(as name: String) -> Bool { group.name == name || group.name.twin(in: [name]) != nil }
      if isCalled(as: Self.allStructures) {
        return JSONError.description(
          "tables have a row \"\(Self.allStructures)\" of all structures without it; give the group another name",
          at: path,
          place(of: path))
      }
      return structures.first(where: isCalled).map { name in
        JSONError.description(
          "a structure is called \(CanonicalJSON.quoted(name)), so that tables have two rows of that name; give the group another"
            + " name", at: path, place(of: path))
      }
    }
  }

  /// What the tables call the row of all structures.
  private static let allStructures = "all"

  /// The same where the structures were not known before the dataset was opened: what had not been said then.
  package func groupNotices(ofOpened labels: LabelMap) -> [String] {
    guard dataset.knownLabels == nil else { return [] }
    let told = groupNotices(among: [])
    return groupNotices(among: labels.names).filter { !told.contains($0) }
  }
}

extension LabelMap {
  /// The structure that a text which names none was most likely meant for: by its number in masks, else by its letters.
  ///
  /// - Parameter besides: further names that may stand there.
  func meant(by text: String, besides: [String] = []) -> String? {
    name(for: text) ?? text.nearest(in: besides + names)
  }

  /// The structure of that name, else the one of that number in masks.
  fileprivate func name(for text: String) -> String? {
    if names.contains(text) { return text }
    return Int(text).flatMap { number in structures.first { $0.values.contains(number) }?.name }
  }
}

extension Conflict {
  /// What to write for a number in the place of a structure's name.
  static func instead(of number: Int, _ name: String?, _ known: [String]?, isElement: Bool) -> String {
    func written(_ name: String) -> String {
      isElement ? CanonicalJSON.quoted(name) : "[\(CanonicalJSON.quoted(name))]"
    }
    if let name { return "; \(number) is \(name): write \(written(name))" }
    guard let known else {
      return
        "; write \(isElement ? "the name that the dataset's labels give it, in double quotes" : "them as the dataset's labels do, [\"NAME\"]")"
    }
    return
      "; no structure has \(number), there are \(known.joined(separator: ", ")): write such as \(written(known.first ?? "L1"))"
  }
}
