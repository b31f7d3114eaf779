import Compute
import Foundation
import TestSupport
import Testing

/// The helpers must fail when they should: each wrong input below is a known issue, and no issue is a failure.
struct ExpectationsTests {
  @Test func equalAndNearValuesPass() {
    expectClose([1, 2, -3], [1, 2.25, -3], bound: 0.25)
    expectClose([], [], bound: 0)
    expectClose([.infinity], [.infinity], bound: 0)
    expectClose([1, 2], [2, 2], bounds: [1, 0])
    expectSameBits([0, -0.0, .nan], [0, -0.0, .nan])
  }

  @Test(
    arguments: [
      ([1, 2.5], [1, 2]), ([1], [1, 2]), ([1, 2], [1]), ([.nan, 2], [1, 2]), ([1, 2], [1, .nan]),
      ([.nan, 2], [.nan, 2]),
      ([.infinity, 2], [1, 2]), ([1, 2], [.infinity, 2]), ([-.infinity, 2], [.infinity, 2]),
    ] as [([Float], [Float])])
  func wrongValuesFail(_ actual: [Float], _ expected: [Float]) {
    withKnownIssue { expectClose(actual, expected, bound: 0.25) }
  }

  @Test func wrongBoundsFail() {
    withKnownIssue { expectClose([1], [1.5], bound: .nan) }
    withKnownIssue { expectClose([1, 1], [1, 1], bounds: [0]) }
  }

  @Test func wrongTensorsFail() {
    let tensor = NamedTensor(name: "w", shape: [1, 2], values: [1, 2])
    expectClose(tensor, tensor, bound: 0)
    withKnownIssue { expectClose(tensor, NamedTensor(name: "w", shape: [2, 1], values: [1, 2]), bound: 0) }
    withKnownIssue { expectClose(tensor, NamedTensor(name: "b", shape: [1, 2], values: [1, 2]), bound: 0) }
    withKnownIssue { expectClose(tensor, NamedTensor(name: "w", shape: [1, 2], values: [1, 3]), bound: 0.5) }
  }

  @Test func differentBitsFail() {
    withKnownIssue { expectSameBits([0], [-0.0]) }
    withKnownIssue { expectSameBits([1], [1, 1]) }
    withKnownIssue { expectSameBits([1, 1], [1]) }
  }

  @Test func theReportNamesTheWorstElement() {
    withKnownIssue {
      expectClose([1, 5, 3], [1, 2, 2], bound: 0.5, "activation")
    } matching: { issue in
      issue.comments.first?.rawValue
        == "activation: 2 of 3 elements differ, worst at [1]: 5.0 against 2.0, allowed 0.5"
    }
  }

  @Test func roundingBoundsGrowWithTheSum() {
    #expect(roundingBound(terms: 1) >= 0x1p-24)
    #expect(roundingBound(terms: 1000) > 1000 * 0x1p-24)
    #expect(roundingBound(terms: 1000) < 1001 * 0x1p-24)
  }

  @Test func goldenFilesAreReadBack() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.golden")
    // golden.py's bytes for {"x": [[1, -2]]}
    let bytes =
      Data("GOLDEN01".utf8) + Data([1, 0, 0, 0, 1, 0, 0, 0]) + Data("x".utf8)
      + Data([2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0])
    try bytes.write(to: url)
    #expect(try GoldenFile(url)["x"] == NamedTensor(name: "x", shape: [1, 2], values: [1, -2]))
    #expect(throws: GoldenFileError.missing("y", has: ["x"])) { try GoldenFile(url)["y"] }
    try bytes.dropLast().write(to: url)
    #expect(throws: GoldenFileError.truncated) { try GoldenFile(url) }
    try (bytes + [0]).write(to: url)
    #expect(throws: GoldenFileError.trailingBytes(url.lastPathComponent)) { try GoldenFile(url) }
    try Data("GOLDEN02".utf8).write(to: url)
    #expect(throws: GoldenFileError.notGolden(url.lastPathComponent)) { try GoldenFile(url) }
  }
}
