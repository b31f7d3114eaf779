import JSON

/// One field of a new study: where it stands, what it says, and why.
package struct StudyChoice: Encodable, Equatable, Sendable {
  /// `preprocessing.size`.
  package var key: String
  package var value: JSONValue
  package var because: String
  /// How a table shows a long value; nil: as it is written.
  var short: String?

  private enum CodingKeys: CodingKey { case key, value, because }

  init(_ key: String, _ value: JSONValue, _ because: String, short: String? = nil) {
    (self.key, self.value, self.because, self.short) = (key, value, because, short)
  }

  /// As a table shows it.
  var shown: String { short ?? CanonicalJSON.pretty(value) }
}

/// What only a person can decide.
package struct StudyQuestion: Encodable, Equatable, Sendable {
  /// The field that the answer would change.
  package var key: String
  package var text: String

  init(_ key: String, _ text: String) { (self.key, self.text) = (key, text) }
}

extension JSONValue {
  /// The experiment that choices make: each stands at its key, in their order.
  static func experiment(_ choices: [StudyChoice]) -> JSONValue {
    choices.reduce(.object([])) { $0.setting($1.key.split(separator: ".").map(String.init), to: $1.value) }
  }

  private func setting(_ path: [String], to value: JSONValue) -> JSONValue {
    guard let key = path.first else { return value }
    guard case .object(var members) = self else { return JSONValue.object([]).setting(path, to: value) }
    let rest = Array(path.dropFirst())
    if let index = members.firstIndex(where: { $0.0 == key }) {
      members[index].1 = members[index].1.setting(rest, to: value)
    } else {
      members.append((key, JSONValue.object([]).setting(rest, to: value)))
    }
    return .object(members)
  }

  static func numbers(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .number(Double($0)) }) }
}
