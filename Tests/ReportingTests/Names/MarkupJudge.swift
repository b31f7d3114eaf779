import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Reads HTML as the standard's tokenizer does, by scalar, and refuses what we never write.
struct MarkupJudge {
  struct Refusal: Error { let words: String }

  private(set) var tags: Set<String> = []
  private(set) var attributes: Set<String> = []
  /// The text inside each element of a name, and the values of each attribute.
  private(set) var texts: [String: [String]] = [:]
  private(set) var values: [String: [String]] = [:]
  private var rest: ArraySlice<Unicode.Scalar>
  private var open: [String] = []

  init(_ text: String) throws {
    rest = Array(text.unicodeScalars)[...]
    while !rest.isEmpty { if rest.first == "<" { try readTag() } else { try readText() } }
    guard open.isEmpty else { throw Refusal(words: "not closed: \(open)") }
  }

  private mutating func take(while holds: (Unicode.Scalar) -> Bool) -> String {
    let part = rest.prefix(while: holds)
    rest = rest.dropFirst(part.count)
    return String(String.UnicodeScalarView(part))
  }

  private mutating func readText() throws {
    let text = try Self.decoded(take { $0 != "<" })
    if let element = open.last { texts[element, default: []].append(text) }
  }

  private mutating func readTag() throws {
    rest.removeFirst()
    if rest.first == "!" { return try expect(take { $0 != ">" } + ">", take1()) }
    let closes = rest.first == "/"
    if closes { rest.removeFirst() }
    let name = take { $0.properties.isAlphabetic && $0.isASCII || "0"..."9" ~= $0 }
    guard !name.isEmpty else { throw Refusal(words: "a bare < before \(rest.prefix(20))") }
    tags.insert(name)
    var isEmpty = ["meta", "link"].contains(name)
    while true {
      _ = take { $0 == " " || $0 == "\n" }
      guard let next = rest.first else { throw Refusal(words: "\(name) does not end") }
      if next == "/" { (isEmpty, rest) = (true, rest.dropFirst()) }
      if rest.first == ">" { break }
      try readAttribute()
    }
    rest.removeFirst()
    if closes {
      guard open.popLast() == name else { throw Refusal(words: "</\(name)> closes something else") }
    } else if ["script", "style"].contains(name) {
      try readRaw(name)
    } else if !isEmpty {
      open.append(name)
    }
  }

  private mutating func readAttribute() throws {
    let name = take { $0.properties.isAlphabetic && $0.isASCII || "0"..."9" ~= $0 || $0 == "-" || $0 == ":" }
    guard !name.isEmpty, rest.prefix(2).elementsEqual("=\"".unicodeScalars) else {
      throw Refusal(words: "no attribute: \(name) \(String(String.UnicodeScalarView(rest.prefix(20))))")
    }
    rest = rest.dropFirst(2)
    values[name, default: []].append(try Self.decoded(take { $0 != "\"" }))
    attributes.insert(name)
    rest = rest.dropFirst()
  }

  private mutating func readRaw(_ name: String) throws {
    var text = String.UnicodeScalarView()
    let end = Array("</\(name)>".unicodeScalars)
    while !rest.starts(with: end) {
      guard let next = rest.popFirst() else { throw Refusal(words: "\(name) does not end") }
      text.append(next)
    }
    rest = rest.dropFirst(end.count)
    texts[name, default: []].append(String(text))
  }

  private mutating func take1() -> String { String(rest.popFirst().map(Character.init) ?? " ") }

  private func expect(_ declaration: String, _ end: String) throws {
    guard declaration == "!DOCTYPE html>", end == ">" else { throw Refusal(words: "a declaration: \(declaration)") }
  }

  private static func decoded(_ text: String) throws -> String {
    var (out, rest) = (String.UnicodeScalarView(), Array(text.unicodeScalars)[...])
    while let next = rest.popFirst() {
      guard next == "&" else { out.append(next); continue }
      let entities = ["amp;": "&", "lt;": "<", "gt;": ">", "quot;": "\"", "#39;": "'"]
      guard let (code, sign) = entities.first(where: { rest.starts(with: $0.key.unicodeScalars) }) else {
        throw Refusal(words: "a bare &")
      }
      out.append(contentsOf: sign.unicodeScalars)
      rest = rest.dropFirst(code.unicodeScalars.count)
    }
    return String(out)
  }
}

/// Foundation's XML parser over a drawing: its elements and the texts in them.
final class DrawingJudge: NSObject, XMLParserDelegate {
  private(set) var elements: Set<String> = []
  private(set) var texts: [String] = []
  private var current: String?

  static func read(_ svg: String) -> (isSound: Bool, elements: Set<String>, texts: [String]) {
    let parser = XMLParser(data: Data(svg.utf8))
    let judge = DrawingJudge()
    parser.delegate = judge
    return (parser.parse(), judge.elements, judge.texts)
  }

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    elements.insert(element)
    current = ["text", "title"].contains(element) ? "" : nil
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) { current? += text }

  func parser(_ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?) {
    if let current { texts.append(current) }
    current = nil
  }
}
