import JSON
import Text

extension KeyPlaces {
  /// What is said of an option that goes on into a value without parts: the object that makes room for it, where one may stand
  /// there, else that the value itself is meant.
  func words(ofPartsIn found: String, _ error: JSONError) -> JSONError.Fault {
    guard case .option(let text)? = error.place?.origin else { return error.fault }
    let objects = objects(at: error.path.steps)
    guard !objects.isEmpty else {
      let option = "--set " + ShellWord.quoted("\(error.path)=VALUE")
      return .broken(rule: "\(found) has no parts; the field itself is set by \(option)")
    }
    if found == "false", let value = (try? Override(text))?.value, value.isOff {
      return .broken(rule: "false has no parts, and all of them are off so: take this option out")
    }
    let isKind = objects.contains { object in
      object["kind"]?["const"].map { CanonicalJSON.text($0) == found } ?? false
    }
    let object = isKind ? "{\"kind\":\(found)}" : "{}"
    let options = ["\(error.path)=\(object)", text].map { "--set " + ShellWord.quoted($0) }
    return .broken(rule: "\(found) has no parts; make it an object first: \(options.joined(separator: " "))")
  }
}

extension JSONNode {
  /// Whether it would switch a part off: a word that says so, null, or a probability of 0.
  fileprivate var isOff: Bool { isWordForNothing || content == .null || content == .number(0) }
}
