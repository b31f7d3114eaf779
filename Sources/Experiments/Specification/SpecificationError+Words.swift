extension SpecificationError: CustomStringConvertible {
  /// `file:line:column: path: what is wrong; what would be right`.
  package var description: String {
    let parts = [place?.description ?? "", path.description].filter { !$0.isEmpty }
    return (parts + [fault.words]).joined(separator: ": ")
  }
}

extension SpecificationErrors: CustomStringConvertible {
  package var description: String {
    let heading = errors.count == 1 ? [] : ["\(errors.count) mistakes in the specification:"]
    return (heading + errors.map(\.description)).joined(separator: "\n")
  }
}

extension SpecificationError.Fault {
  package var words: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
    case .syntax(let fault), .overrideValue(let fault): fault.words
    case .extendsCycle(let files): "these files extend each other: " + files.joined(separator: " -> ")
    case .overrideForm(let reason): "\(reason); write --set key.path=value"
    case .noElement(let name, let nearest, let known):
      "no element \(name)\(Self.hint(nearest)); "
        + (known.isEmpty ? "the list is empty" : "there are " + known.joined(separator: ", "))
    case .notAContainer(let found): "\(found) has no parts; set it to an object first"
    case .unknownKey(let nearest, let known):
      "unknown key\(Self.hint(nearest)); known here: " + known.joined(separator: ", ")
    case .missingKey(let key): "the key \(key) is missing"
    case .emptyText: "a text that says something should stand here"
    case .wrongType(let found, let expected): "found \(found), expected \(expected)"
    case .outOfRange(let found, let allowed): "found \(found), allowed: \(allowed)"
    case .notOneOf(let found, let allowed, let nearest):
      "found \(CanonicalJSON.quoted(found))\(Self.hint(nearest)); allowed: " + allowed.joined(separator: ", ")
    case .repeated(let found): "found \(found) again; once is enough"
    case .renamed(let found, let now): "\(found) is no longer written here; write \(now)"
    case .wrongCount(let found, let allowed):
      "found \(found) elements, expected " + (allowed.count == 1 ? "\(allowed.lowerBound)" : Self.words(allowed))
    case .conflict(let conflict): conflict.words
    }
  }

  static func hint(_ nearest: String?) -> String { nearest.map { ", did you mean \($0)?" } ?? "" }

  private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
}
