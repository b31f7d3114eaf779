import Compute
import Foundation
import Reporting
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct FigureTests {
  static let labels = Overlay.Labels(height: 3, width: 4, values: [0, 1, 1, 0, 0, 1, 1, 2, 0, 0, 0, 2])

  static let overlay = Overlay(
    name: "Case10", role: "best", image: Overlay.Labels(height: 3, width: 4, values: (0..<12).map { UInt8($0 * 20) }),
    truth: labels,
    predictions: [
      .init(variant: "Base & co", labels: labels, dice: 0.8125), .init(variant: "SAFNet", labels: labels, dice: nil),
    ], aspect: 1.5)

  private func parse(_ svg: String) -> Bool { XMLParser(data: Data(svg.utf8)).parse() }

  @Test(arguments: RenderingTests.inputs.keys.sorted())
  func drawingsAreXMLWithoutNaN(_ name: String) {
    for figure in Report(RenderingTests.inputs[name]!).figures(overlays: [Self.overlay]) {
      #expect(parse(figure.svg), "\(figure.name)")
      #expect(figure.svg.lowercased().firstMatch(of: /[ ,"]-?(nan|inf)/) == nil)
    }
  }

  @Test func thereIsNothingToDrawWithoutRuns() {
    #expect(Report(Fixture.empty).figures().isEmpty)
  }

  @Test func everyCaseIsADot() throws {
    let figure = try #require(Report(Fixture.complete).figures().first { $0.name == "structure-dice" })
    let dots = figure.svg.split(separator: "\n").filter { $0.contains("stroke-opacity") }
    #expect(dots.count == 9, "three structures, three methods; T9 has no dots")
    #expect(dots.allSatisfy { $0.split(separator: "h0", omittingEmptySubsequences: false).count == 16 })
  }

  @Test func methodsDifferWithoutColour() throws {
    let figure = try #require(Report(Fixture.complete).figures().first { $0.name == "learning-curves" })
    #expect(figure.svg.contains("stroke-dasharray=\"7 3\"") && figure.svg.contains("stroke-dasharray=\"2 2\""))
    #expect(figure.svg.components(separatedBy: ">SAFNet</text>").count == 2, "one legend for three panels")
  }

  @Test func contoursFollowVoxelEdges() {
    #expect(Self.labels.contour(of: 1) == "M1 0h2v2h-2v-2Z")
    #expect(Self.labels.contour(of: 2) == "M3 1h1v2h-1v-2Z")
    #expect(Self.labels.contour(of: 3) == "")
    let ring = Overlay.Labels(height: 3, width: 3, values: [1, 1, 1, 1, 0, 1, 1, 1, 1])
    #expect(ring.contour(of: 1) == "M0 0h3v3h-3v-3ZM1 1v1h1v-1h-1Z")
  }

  @Test func slicesAreTakenAcrossTheDepth() {
    var truth = Grid3<UInt8>(Extent3(5, 2, 3), repeating: 0)
    for d in 1...3 { truth[d, 1, 2] = UInt8(d) }
    #expect(Overlay.middleSlice(of: truth) == 2)
    #expect(Overlay.slice(truth, at: 3) == Overlay.Labels(height: 2, width: 3, values: [0, 0, 0, 0, 0, 3]))
    #expect(Overlay.middleSlice(of: Grid3(Extent3(5, 2, 3), repeating: 0)) == 2)
  }

  @Test func overlaysShowBestMedianAndWorst() {
    let choice = Overlay.choice(Fixture.complete)
    let scores = Dictionary(
      uniqueKeysWithValues: Fixture.complete.rows.last!.finished.flatMap(\.evaluations!).map { ($0.name, $0.meanDice!) }
    )
    #expect(choice.map(\.role) == ["best", "median", "worst"])
    #expect(scores[choice[0].name] == scores.values.max())
    #expect(scores[choice[2].name] == scores.values.min())
    #expect(scores.values.filter { $0 > scores[choice[1].name]! }.count == 7)
    #expect(Overlay.choice(Fixture.empty).isEmpty)
  }

  @Test(.enabled(if: PNGConverter.find(in: "/usr/bin") != nil, "needs rsvg-convert (librsvg2-bin)"))
  func drawingsBecomePNG() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.url
    let report = Report(Fixture.complete)
    let files = ReportFiles(report, formats: [.figures], overlays: [Self.overlay])
    try files.write(to: folder)
    let converter = try #require(PNGConverter.find(in: "/usr/bin"))
    for name in ["learning-curves", "structure-dice", "overlays"] {
      try PNGConverter.convert(folder.appending(path: "\(name).svg"), with: converter)
      let data = try Data(contentsOf: folder.appending(path: "\(name).png"))
      #expect(data.starts(with: [0x89, 0x50, 0x4E, 0x47]) && data.count > 2000, "\(name)")
    }
    try Data("no drawing".utf8).write(to: folder.appending(path: "bad.svg"))
    try Data("an earlier one".utf8).write(to: folder.appending(path: "bad.png"))
    #expect(throws: PNGConverter.Failure.refused(file: folder.appending(path: "bad.svg").path, code: 1)) {
      try PNGConverter.convert(folder.appending(path: "bad.svg"), with: converter)
    }
    #expect(!temporary.exists("bad.png"), "an earlier picture would be taken for the new one")
  }

  /// Hung, missing, killed: each is said of the file, in time.
  @Test func aConverterThatFailsIsNamed() throws {
    let temporary = try TemporaryFolder()
    func program(_ name: String, _ script: String) throws -> URL {
      let url = temporary.file(name)
      try writeProgram("#!/bin/sh\n\(script)\n", to: url)
      return url
    }
    let svg = try temporary.write("a.svg", "<svg/>")
    #expect(throws: PNGConverter.Failure.tookTooLong(file: svg.path, seconds: 0.3)) {
      try PNGConverter.convert(svg, with: program("hangs", "exec sleep 30"), seconds: 0.3)
    }
    #expect(throws: PNGConverter.Failure.killed(file: svg.path, signal: 9)) {
      try PNGConverter.convert(svg, with: program("dies", "kill -9 $$"))
    }
    #expect(throws: PNGConverter.Failure.refused(file: svg.path, code: 3)) {
      try PNGConverter.convert(svg, with: program("refuses", "exit 3"))
    }
    #expect(throws: PNGConverter.Failure.self) { try PNGConverter.convert(svg, with: temporary.file("nowhere")) }
  }

  @Test func withoutAConverterThereIsNone() {
    #expect(PNGConverter.find(in: "/nowhere:/tmp") == nil)
  }
}
