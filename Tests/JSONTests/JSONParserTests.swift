import Compute
import Testing

import JSON

@Suite struct JSONParserTests {
  func parse(_ text: String) throws -> JSONNode { try JSONParser.parse(Array(text.utf8), origin: .file("x.json")) }

  func message(_ bytes: [UInt8]) -> String {
    do {
      _ = try JSONParser.parse(bytes, origin: .file("x.json"))
      return "accepted"
    } catch { return error.description }
  }

  @Test func readsEveryKindOfValue() throws {
    let text = #" {"a": [1, -2.5e-3, true, false, null], "b": {"c": "é\n\u00e9\ud83d\ude00/\/"}, "": []} "#
    let expected: JSONValue = [
      "a": [1, -0.0025, true, false, .null], "b": ["c": "é\né😀//"], "": [],
    ]
    #expect(try parse(text).value == expected)
  }

  @Test func keepsOrderLinesAndColumns() throws {
    let node = try parse("{\n  \"zé\": 1,\n  \"é\": {\"a\": [true,\n 2]}\n}")
    guard case .object(let members) = node.content else { return #expect(Bool(false), "not an object") }
    #expect(members.map(\.key) == ["zé", "é"])
    #expect(members.map(\.place.line) == [2, 3])
    #expect(members[0].node.place == SourcePlace(.file("x.json"), line: 2, column: 9))
    #expect(members[1].node["a"]?.place == SourcePlace(.file("x.json"), line: 3, column: 14))
    guard case .array(let elements) = members[1].node["a"]?.content else { return #expect(Bool(false), "no list") }
    #expect(elements[1].place == SourcePlace(.file("x.json"), line: 4, column: 2))
  }

  /// Every text of up to five of these characters is a number here exactly when JSON's grammar says so.
  @Test func numbersAreSpelledAsTheGrammarSays() throws {
    let grammar = try Regex(#"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"#)
    var texts = [""]
    var numbers = 0
    for _ in 1...5 {
      texts = texts.flatMap { text in ["-", "+", ".", "e", "E", "0", "7"].map { text + $0 } }
      for text in texts {
        // Too large for a Double is another mistake.
        let isNumber = text.wholeMatch(of: grammar) != nil && Double(text)!.isFinite
        numbers += isNumber ? 1 : 0
        let accepted = (try? parse(text))?.value
        #expect((accepted != nil) == isNumber, "\(text)")
        if isNumber { #expect(accepted == .number(Double(text)!)) }
      }
    }
    #expect(numbers > 100)
  }

  @Test func numbersOfManyDigitsAreRead() throws {
    let third = "0." + String(repeating: "3", count: 60)
    #expect(
      try parse("[\(third), 1\(String(repeating: "0", count: 50)).5]").value == [.number(1.0 / 3), .number(1e50)])
  }

  static let refused: [(String, String)] = [
    ("", "1:1: the text ends where a value should follow"),
    (
      "{",
      "1:2: the text ends where a key in double quotes or } should follow; it was cut off, or what opens at 1:1 is not closed"
    ),
    ("{\"a\"", "1:5: the text ends where a colon should follow; it was cut off, or what opens at 1:1 is not closed"),
    ("{\"a\" 1}", "1:6: found 1 where a colon should stand"),
    ("{\"a\":", "1:6: the text ends where a value should follow; it was cut off, or what opens at 1:1 is not closed"),
    ("{\"a\":}", "1:6: found } where a value should stand"),
    (
      "{\"a\":1",
      "1:7: the text ends where a comma or } should follow; it was cut off, or what opens at 1:1 is not closed"
    ),
    ("{\"a\":1]", "1:7: found ] where a comma or } should stand"),
    ("{\"a\":1\n \"b\":2}", "2:2: found \" where a comma should stand"),
    ("{\"a\":1,}", "1:7: a comma before a closing bracket; JSON has no trailing commas"),
    ("[1,2,\n]", "1:5: a comma before a closing bracket; JSON has no trailing commas"),
    ("{a:1}", "1:2: keys stand in double quotes: write \"a\""),
    ("{ a b:1}", "1:3: keys stand in double quotes: write \"a\""),
    ("{\u{A0}\"a\":1}", "1:2: found U+00A0 where a key in double quotes or } should stand"),
    ("{“a b”: 1}", "1:2: texts and keys stand in straight double quotes, not in typographic ones: write \"a b\""),
    ("[„a“]", "1:2: texts and keys stand in straight double quotes, not in typographic ones: write \"a\""),
    ("[\"a”,\n1]", "1:6: the text that begins at 1:2 does not end on its line; close it with a straight double quote"),
    (
      "{\"a\": 1}\n{\"a\": 1}",
      "2:1: found { after the end of the document: a second one begins here, as where one is pasted twice; keep one"
    ),
    (
      "{\"a\": 1}}",
      "1:9: found } after the end of the document; take out what follows here, or the bracket that ends it too early"
    ),
    (
      "{\n<<<<<<< HEAD\n\"a\": 1}",
      "2:1: <<<<<<< is left of a merge by git; keep one of the two versions, and take out the lines <<<<<<<, ======= and >>>>>>>"
    ),
    (
      "[1,\n2\n=======\n3]",
      "3:1: ======= is left of a merge by git; keep one of the two versions, and take out the lines <<<<<<<, ======= and >>>>>>>"
    ),
    ("```json\n[1]\n```", "1:1: ``` marks code in Markdown and is no JSON; take out both lines with it"),
    ("[1]\n```", "2:1: ``` marks code in Markdown and is no JSON; take out both lines with it"),
    ("<!DOCTYPE html>\n<html>", "1:1: it is a web page, and no JSON; fetch or write it again"),
    (
      "\0\0\0\0",
      "1:1: it holds zeros only, as after a crash while it was written, and no JSON; fetch or write it again"
    ),
    (
      "PK\u{3}\u{4}..xl/workbook.xml",
      "1:1: it is an Excel workbook, and no JSON; save it as plain text (UTF-8), in JSON"
    ),
    (
      "version https://git-lfs.github.com/spec/v1\n",
      "1:1: it is the pointer of Git LFS or git-annex to a file that was not fetched, and no JSON; type git lfs pull (git annex get) in its folder"
    ),
    ("{\"a\":1,\n\"b\":2, \"a\":3}", "2:8: the key \"a\" is here twice; first at 1:2"),
    (
      "[1] x",
      "1:5: found x after the end of the document; take out what follows here, or the bracket that ends it too early"
    ),
    ("// why\n1", "1:1: JSON has no comments"),
    ("[1, # why\n2]", "1:5: JSON has no comments"),
    (
      "NaN",
      "1:1: NaN is not JSON; the words are true, false and null, texts stand in double quotes: write a number, or leave the field out"
    ),
    (
      "-Infinity",
      "1:1: -Infinity is not JSON; the words are true, false and null, texts stand in double quotes: write a number, or leave the field out"
    ),
    ("[True]", "1:2: True is not JSON; the words are true, false and null, texts stand in double quotes: write true"),
    ("'a'", #"1:1: texts and keys stand in double quotes, not in single ones: write "a""#),
    ("{'a': 1}", #"1:2: texts and keys stand in double quotes, not in single ones: write "a""#),
    ("{\"a\": 'b c'}", #"1:7: texts and keys stand in double quotes, not in single ones: write "b c""#),
    ("['a\n']", #"1:2: texts and keys stand in double quotes, not in single ones: write "a""#),
    ("[L1]", "1:2: L1 is not JSON; the words are true, false and null, texts stand in double quotes"),
    ("[01]", "1:2: 01 is not a JSON number; write 1"),
    ("[1.]", "1:2: 1. is not a JSON number; write 1"),
    (".5", "1:1: .5 is not a JSON number; write 0.5"),
    ("+1", "1:1: +1 is not a JSON number; write 1"),
    ("1e", "1:1: 1e is not a JSON number"),
    ("0x10", "1:1: 0x10 is not a JSON number; write 16"),
    ("1_000", "1:1: 1_000 is not a JSON number; write 1000"),
    ("1.2.3", "1:1: 1.2.3 is not a JSON number"),
    ("[1e999]", "1:2: 1e999 is too large for a double-precision number"),
    (
      "[9007199254740993]",
      "1:2: 9007199254740993 has more digits than a double holds; integers end at 9007199254740991"
    ),
    ("\"a\tb\"", "1:3: a text holds the control character 0x9, a tab; write \\t, or a blank"),
    (
      "\"ab",
      "1:4: the text ends where the closing quote of a text should follow; it was cut off, or what opens at 1:1 is not closed"
    ),
    ("\"\\x\"", "1:2: \\x is no escape sequence; write / between folders, and \\\\ for \\ itself"),
    ("\"\\u12G4\"", "1:2: \\u12G4 is no escape sequence"),
    ("\"\\u+123\"", "1:2: \\u+123 is no escape sequence"),
    ("\"\\ud800\"", "1:2: \\ud800 is half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", "1:2: \\ud800 is half of a surrogate pair"),
    ("\"\\udc00\"", "1:2: \\udc00 is half of a surrogate pair"),
    (String(repeating: "[", count: 100_000), "1:65: more than 64 brackets are open"),
  ]

  @Test(arguments: refused) func refusesWithPlaceAndReason(text: String, expected: String) {
    #expect(message(Array(text.utf8)) == "x.json:" + expected)
  }

  @Test func refusesInvalidUTF8AtItsPlace() {
    let bytes = Array("{\"é\":\n \"a".utf8) + [0xC3, 0x28] + Array("\"}".utf8)
    #expect(message(bytes) == "x.json:2:4: these bytes are not UTF-8; save the file as UTF-8")
    #expect(message([0xED, 0xA0, 0x80]) == "x.json:1:1: these bytes are not UTF-8; save the file as UTF-8")
  }

  @Test func readsPastAByteOrderMark() throws {
    #expect(try parse("\u{FEFF}[1]").value == [1])
  }

  @Test func takesTheLargestExactIntegerAndTheDeepestNesting() throws {
    #expect(try parse("-9007199254740991").value == .number(-9_007_199_254_740_991))
    let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
    #expect(CanonicalJSON.text(try parse(deep).value) == deep)
  }

  /// Whatever is done to a document, reading it ends in a value or in one error: it never traps.
  @Test func survivesTruncationsAndMutations() throws {
    let document = Array(
      #"{"name":"é\u00e9\ud83d\ude00","list":[1,-2.5e-3,[],{}],"on":true,"off":null,"deep":{"a":{"b":[[0]]}}}"#.utf8)
    for length in 0..<document.count { #expect(message(Array(document[..<length])) != "accepted") }
    var stream = RandomStream(seed: 1, purpose: .test)
    var accepted = 0
    for _ in 0..<20_000 {
      var bytes = document
      for _ in 0...stream.nextInt(below: 4) {
        let index = stream.nextInt(below: bytes.count)
        switch stream.nextInt(below: 3) {
        case 0: bytes[index] = UInt8(stream.nextInt(below: 256))
        case 1: bytes.remove(at: index)
        default: bytes.insert(Array("{}[]\",:\\u0e-".utf8)[stream.nextInt(below: 12)], at: index)
        }
      }
      if message(bytes) == "accepted" { accepted += 1 }
    }
    #expect((1..<20_000).contains(accepted), "mutations that leave JSON are few, but there are some")
  }

  @Test func writtenDocumentsReadBackAsThemselves() throws {
    let value: JSONValue = [
      "b": [1, [], ["x": .null]], "a\"\\\u{1}\u{7f}": "\u{8}\u{c}\n\r\t\u{1f}é😀", "c": [:], "d": [[1, 2], [3]],
    ]
    #expect(try parse(CanonicalJSON.text(value)).value == value)
    #expect(try parse(CanonicalJSON.pretty(value)).value == value)
  }
}
