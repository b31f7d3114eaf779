import Testing

import JSON

@Suite struct JSONMergeTests {
  /// The examples of RFC 7396, Appendix A, whose patch is an object or a list.
  static let examples: [(String, String, String)] = [
    (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
    (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#), (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
    (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
    (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
    (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#), (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
    (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#), (#"{"e":null}"#, #"{"a":1}"#, #"{"a":1,"e":null}"#),
    (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#), (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
  ]

  @Test(arguments: examples) func mergesAsTheStandardSays(base: String, patch: String, result: String) throws {
    let nodes = try [base, patch].map { try JSONParser.parse(Array($0.utf8), origin: .file("x.json")) }
    #expect(CanonicalJSON.text(nodes[0].merged(with: nodes[1]).value) == result)
  }

  @Test func everyValueKeepsThePlaceItWasWritten() throws {
    let base = try JSONParser.parse(Array(#"{"a":{"b":1,"c":2}}"#.utf8), origin: .file("base.json"))
    let patch = try JSONParser.parse(Array(#"{"a":{"c":3}}"#.utf8), origin: .file("child.json"))
    let merged = base.merged(with: patch)
    #expect(merged["a"]?["b"]?.place == SourcePlace(.file("base.json"), line: 1, column: 11))
    #expect(merged["a"]?["c"]?.place == SourcePlace(.file("child.json"), line: 1, column: 11))
  }
}
