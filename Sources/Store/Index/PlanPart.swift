import Foundation
import JSON

/// A member of a plan's object, as `"training":{...}`: thousands of plans consist of few different ones, so each is kept once.
///
/// A text that is no object is one part that is the whole.
package final class PlanPart: Sendable {
  package let text: String

  init(_ text: String) { self.text = text }

  /// Nil where the part is the whole of a text that is no object.
  package var key: String? {
    guard text.hasPrefix("\""), let end = text.dropFirst().firstIndex(of: "\"") else { return nil }
    return String(text[text.index(after: text.startIndex)..<end])
  }

  /// What stands behind the key; nil where it is no JSON.
  package var value: JSONValue? {
    guard let key else { return nil }
    let rest = text.utf8.dropFirst(key.utf8.count + 3)
    return try? JSONParser.parse(Array(rest), origin: .file(key)).value
  }
}

extension PlanPart: Equatable, CustomStringConvertible {
  package static func == (a: PlanPart, b: PlanPart) -> Bool { a === b || a.text == b.text }

  package var description: String { text }
}

/// The different parts of the plans of runs, numbered: what is asked of each is asked once, and of a run its numbers.
package struct PlanParts: Sendable {
  package private(set) var all: [PlanPart] = []
  /// Of each run, in the runs' order.
  package private(set) var ofRuns: [[Int]] = []

  package init(of runs: [IndexedRun]) { self.init(runs.map(\.parts)) }

  /// Of canonical plans; an empty one has no parts.
  package init(plans: [String]) {
    var known: [String: PlanPart] = [:]
    self.init(
      plans.map { plan in
        PlanPart.texts(of: plan).map { text in
          if let part = known[text] { return part }
          let part = PlanPart(text)
          known[text] = part
          return part
        }
      })
  }

  private init(_ runs: [[PlanPart]]) {
    var (known, before, last): ([ObjectIdentifier: Int], [PlanPart], [Int]) = ([:], [], [])
    ofRuns.reserveCapacity(runs.count)
    for parts in runs {
      var numbers: [Int] = []
      numbers.reserveCapacity(parts.count)
      for (place, part) in parts.enumerated() {
        // The run before mostly has the same one there.
        if place < before.count, before[place] === part {
          numbers.append(last[place])
          continue
        }
        let number = known[ObjectIdentifier(part)] ?? all.count
        if number == all.count {
          all.append(part)
          known[ObjectIdentifier(part)] = number
        }
        numbers.append(number)
      }
      ofRuns.append(numbers)
      (before, last) = (parts, numbers)
    }
  }
}

extension PlanPart {
  /// The members of a canonical object; the text itself where it is none, nothing where it is empty.
  static func texts(of plan: String) -> [String] {
    if plan.isEmpty { return [] }
    return members(Array(plan.utf8)) ?? [plan]
  }

  /// The plan whose parts they are.
  static func joined(_ parts: [PlanPart]) -> String {
    guard let first = parts.first else { return "" }
    return parts.count == 1 && first.key == nil ? first.text : "{" + parts.map(\.text).joined(separator: ",") + "}"
  }

  /// Split at the commas between members; nil unless they join to the same text again.
  private static func members(_ bytes: [UInt8]) -> [String]? {
    guard bytes.count > 2, bytes.first == UInt8(ascii: "{"), bytes.last == UInt8(ascii: "}") else { return nil }
    var (members, start, depth, isQuoted, isEscaped) = ([String](), 1, 0, false, false)
    for index in 1..<(bytes.count - 1) {
      let byte = bytes[index]
      if isQuoted {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else {
          isQuoted = byte != UInt8(ascii: "\"")
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ",") where depth == 0:
        members.append(String(decoding: bytes[start..<index], as: UTF8.self))
        start = index + 1
      default: break
      }
    }
    members.append(String(decoding: bytes[start..<(bytes.count - 1)], as: UTF8.self))
    let parts = members.map(PlanPart.init)
    let isWhole = parts.allSatisfy { $0.key != nil } && Array(joined(parts).utf8) == bytes
    return isWhole ? members : nil
  }
}
