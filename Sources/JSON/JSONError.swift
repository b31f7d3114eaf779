import Text

/// One mistake in the values of a document: what, under which path, written where.
package struct JSONError: Error, Equatable, Sendable {
  package enum Fault: Equatable, Sendable {
    case syntax(JSONSyntaxError.Fault)
    // Overrides
    /// `meant`: the same option in its right form, where that can be told.
    case overrideForm(String, meant: String?)
    /// Several settings in one option; each of them.
    case severalSettings([String])
    case overrideValue(JSONSyntaxError.Fault)
    /// A text in quotes that would be part of it; the setting without them.
    case overrideQuotes(setting: String)
    /// By two options; what each of them says.
    case setTwice(first: String, second: String)
    /// An object that an earlier option has said, or a part of which: that option.
    case setAround(String, isPart: Bool)
    case noElement(name: String, nearest: String?, known: [String])
    case notAContainer(found: String)
    // One value
    case unknownKey(nearest: String?, known: [String])
    /// With what it could be, as JSON with its key.
    case missingKey(String, example: String? = nil)
    case emptyText
    /// Null in a file where only a value means something.
    case nullValue(expected: String)
    case wrongType(found: String, expected: String)
    case outOfRange(found: String, allowed: String)
    case notOneOf(found: String, allowed: [String], nearest: String?)
    case wrongCount(found: Int, allowed: ClosedRange<Int>, meaning: String? = nil)
    case repeated(found: String)
    /// A rule of the value's own type; the message says what is wrong and what would be right.
    case broken(rule: String)
  }

  package var fault: Fault
  package var path: JSONPath
  /// Nil for a value that stands in no file.
  package var place: SourcePlace?

  package init(_ fault: Fault, at path: JSONPath, _ place: SourcePlace?) {
    (self.fault, self.path, self.place) = (fault, path, place)
  }
}

extension JSONError: CustomStringConvertible {
  /// `file:line:column: path: what is wrong; what would be right`.
  package var description: String { Self.description(fault.words, at: path, place) }

  /// The same for other errors that point into a document.
  package static func description(_ words: String, at path: JSONPath, _ place: SourcePlace?) -> String {
    let parts = [place?.description ?? "", path.description].filter { !$0.isEmpty }
    return (parts + [words]).joined(separator: ": ")
  }
}

extension JSONError.Fault {
  package var words: String {
    switch self {
    case .syntax(let fault), .overrideValue(let fault): fault.words
    case .overrideForm(let reason, nil): "\(reason); write --set key.path=value"
    case .overrideForm(let reason, let meant?): "\(reason); write --set \(ShellWord.quoted(meant))"
    case .severalSettings(let settings):
      "\(settings.count) settings in one --set; give each its own: "
        + settings.map { "--set \(ShellWord.quoted($0))" }.joined(separator: " ")
        + ". One text with such signs in it stands in double quotes"
    case .overrideQuotes(let setting):
      "the quotes reached the program and would be part of the text; write --set \(ShellWord.quoted(setting)), or double quotes"
        + " within where the text has such signs"
    case .setTwice(let first, let second): "set twice, to \(first) and \(second); keep one of the two"
    case .setAround(let first, let isPart):
      "this takes away what --set \(ShellWord.quoted(first)) says; keep one of the two"
        + (isPart ? ", or give this one first" : "")
    case .noElement(let name, let nearest, let known):
      "no element \(name)\(nearest.hint); "
        + (known.isEmpty ? "the list is empty" : "there are " + known.joined(separator: ", "))
    case .notAContainer(let found): "\(found) has no parts; set it to an object first"
    case .unknownKey(let nearest, let known):
      "unknown key\(nearest.hint); known here: " + known.joined(separator: ", ")
    case .missingKey(let key, let example):
      "the key \(key) is missing" + (example.map { "; write it, such as \($0)" } ?? "")
    case .emptyText: "a text that says something should stand here"
    case .nullValue(let expected): "null is no value; write \(expected), or leave the field out"
    case .wrongType(let found, let expected): "found \(found), expected \(expected)"
    case .outOfRange(let found, let allowed): "found \(found), allowed: \(allowed)"
    case .notOneOf(let found, let allowed, let nearest):
      "found \(CanonicalJSON.quoted(found))\(nearest.hint); allowed: " + allowed.joined(separator: ", ")
    case .repeated(let found): "found \(found) again; once is enough"
    case .wrongCount(let found, let allowed, let meaning):
      "found \(Quantity.of(found, "element")), expected "
        + (allowed.count == 1 ? "\(allowed.lowerBound)" : Self.words(allowed)) + (meaning.map { ": \($0)" } ?? "")
    case .broken(let rule): rule
    }
  }

  private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
}
