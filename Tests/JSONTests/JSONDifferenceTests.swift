import JSON
import Testing

@Suite struct JSONDifferenceTests {
  static let documents: [JSONValue?] = [
    ["same": [1, 2], "a": ["b": 1, "c": [1, 2]], "off": false],
    ["same": [1, 2], "a": ["b": 2, "c": [1, 3, 4]], "off": ["rate": 1]],
    nil,
  ]

  func lines(_ documents: [JSONValue?], _ detail: JSONDifference.Detail) -> [String] {
    JSONDifference.between(documents, detail).map { difference in
      "\(difference.path): " + difference.values.map { $0.map(CanonicalJSON.text) ?? "-" }.joined(separator: " | ")
    }
  }

  @Test func membersAreWholeValues() {
    #expect(
      lines(Array(Self.documents.prefix(2)), .members) == [
        "a.b: 1 | 2", "a.c: [1,2] | [1,3,4]", #"off: false | {"rate":1}"#,
      ])
    #expect(lines([["a": 1], ["b": ["c": 2]]], .members) == ["a: 1 | -", #"b: - | {"c":2}"#])
  }

  @Test func leavesHaveNoParts() {
    #expect(
      lines(Array(Self.documents.prefix(2)), .leaves) == [
        "a.b: 1 | 2", "a.c[1]: 2 | 3", "a.c[2]: - | 4", "off: false | -", "off.rate: - | 1",
      ])
    #expect(lines(Self.documents, .leaves).prefix(2) == ["same[0]: 1 | 1 | -", "same[1]: 2 | 2 | -"])
  }

  @Test func theSameHasNoDifference() {
    #expect(lines([["a": 1, "b": 2], ["b": 2, "a": 1]], .leaves) == [] && lines([], .members) == [])
  }
}
