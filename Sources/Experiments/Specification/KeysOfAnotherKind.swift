import JSON
import Text

/// Keys that stayed where the kind of an object was changed.
extension KeyPlaces {
  /// The mistakes with such keys of one object as one: the kind that has them is the one that is not meant.
  func together(_ mistakes: [JSONError], in document: JSONNode) -> [JSONError] {
    var groups: [JSONPath: [String]] = [:]
    for error in mistakes {
      if let (owner, key) = keyOfAnotherKind(error, document) { groups[owner, default: []].append(key) }
    }
    // One key alone may be meant, and the kind be the mistake, unless an option has just named it.
    groups = groups.filter { owner, keys in keys.count > 1 || kind(of: owner, document)?.setting != nil }
    var told: Set<JSONPath> = []
    return mistakes.compactMap { error in
      guard let (owner, _) = keyOfAnotherKind(error, document), let keys = groups[owner],
        let kind = kind(of: owner, document)
      else { return error }
      guard told.insert(owner).inserted else { return nil }
      let rule = words(keys, of: owner, kind, document)
      let own = document.node(at: owner / "kind")
      return JSONError(.broken(rule: rule), at: own == nil ? owner : owner / "kind", own?.place ?? error.place)
    }
  }

  private func keyOfAnotherKind(_ error: JSONError, _ document: JSONNode) -> (owner: JSONPath, key: String)? {
    guard case .unknownKey = error.fault, case .key(let key)? = error.path.steps.last else { return nil }
    let owner = JSONPath(Array(error.path.steps.dropLast()))
    let isOfOther = objects(at: owner.steps).contains { $0[key] != nil }
    return isOfOther && kind(of: owner, document) != nil ? (owner, key) : nil
  }

  /// As it is written in the object, else, of a variant's, in the one that all variants share.
  private func kind(of owner: JSONPath, _ document: JSONNode) -> JSONNode? {
    let isOfVariant = owner.steps.first == .key("variants")
    let shared = isOfVariant ? JSONPath(Array(owner.steps.dropFirst(2))) : owner
    return [owner, shared].lazy.compactMap { document.node(at: $0 / "kind") }.first { $0.text != nil }
  }

  /// What the kind does not have, and, where an option named it, the option that takes the place of the whole object.
  private func words(_ keys: [String], of owner: JSONPath, _ kind: JSONNode, _ document: JSONNode) -> String {
    let words =
      "the kind \(kind.shown) has no \(keys.joined(separator: ", ")): take \(keys.count == 1 ? "it" : "them") out"
    guard let path = kind.setting?.path, path.hasSuffix(".kind"), document.node(at: owner / "kind") == kind,
      case .object(let members)? = document.node(at: owner)?.content,
      members.allSatisfy({ $0.key == "kind" || $0.place.isOfFile })
    else { return words }
    let rest = JSONValue.object(members.filter { !keys.contains($0.key) }.map { ($0.key, $0.node.value) })
    let option = ShellWord.quoted("\(path.dropLast(".kind".count))=\(CanonicalJSON.text(rest))")
    return "\(words) of the file, or give --set \(option) in place of this"
  }
}

extension JSONError {
  /// An unknown key of the experiment itself, where `extends` is known too, which is read before all fields; the same for all others.
  var knowingExtends: JSONError {
    guard case .unknownKey(let near, let known) = fault, path.steps.count == 1, case .key(let key) = path.steps[0]
    else { return self }
    var error = self
    error.fault =
      key == "extends"
      ? .broken(rule: "what an experiment extends stands in its file: write it there, and give no option of it")
      : .unknownKey(nearest: near ?? key.nearest(in: ["extends"]), known: known + ["extends"])
    return error
  }
}

extension SourcePlace {
  fileprivate var isOfFile: Bool { if case .file = origin { true } else { false } }
}
