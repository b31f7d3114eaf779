import Foundation
import Reporting
import Testing

/// Whether every name of a figure can be read: whole, apart from the others, inside the figure.
@Suite struct FigureLayoutTests {
  /// Where a text stands: a centred, leading or trailing line, or one that rises at 45° to its end.
  private struct Box {
    var left, right, top, bottom: Double
    var text: String

    func meets(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  private func texts(_ svg: String) -> (level: [Box], slanted: [Box]) {
    let level = svg.matches(of: /x="([\d.]+)" y="([\d.]+)" font-size="([\d.]+)" text-anchor="(\w+)"[^>]*>([^<]*)</)
      .map { match -> Box in
        let (x, y, size) = (Double(match.1)!, Double(match.2)!, Double(match.3)!)
        let text = plain(match.5)
        // The renderer's own widths are at most these.
        let width = TextMeasure.width(text, size: size)
        let left = match.4 == "middle" ? x - width / 2 : match.4 == "end" ? x - width : x
        return Box(left: left, right: left + width, top: y - size * 0.8, bottom: y + size * 0.2, text: text)
      }
    // In the slanted system, x runs along the text and y across it.
    let slanted = svg.matches(of: /translate\(([\d.]+) ([\d.]+)\) rotate\(-45\)"[^>]*>([^<]*)</).map { match -> Box in
      let (x, y, text) = (Double(match.1)!, Double(match.2)!, plain(match.3))
      let (along, across) = ((x - y) * 0.5.squareRoot(), (x + y) * 0.5.squareRoot())
      return Box(
        left: along - TextMeasure.width(text, size: 11), right: along, top: across - 8.8, bottom: across + 2.2,
        text: text)
    }
    return (level, slanted)
  }

  private func plain(_ text: Substring) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&#39;", "'"), ("&quot;", "\""), ("&amp;", "&")]
      .reduce(String(text)) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
  }

  private func expectReadable(_ figure: Figure, _ names: [String]) {
    let (level, slanted) = texts(figure.svg)
    for boxes in [level, slanted] {
      for (index, box) in boxes.enumerated() {
        for other in boxes[..<index] where box.meets(other) {
          Issue.record("\(figure.name): \(box.text) over \(other.text)")
        }
      }
    }
    for box in level where box.left < 0 || box.right > figure.width || box.bottom > figure.height {
      Issue.record("\(figure.name): \(box.text) is cut off")
    }
    for box in slanted {
      // The start of the text, turned back.
      let x = (box.left + box.bottom) * 0.5.squareRoot()
      let y = (box.bottom - box.left) * 0.5.squareRoot()
      if x < 0 || y > figure.height { Issue.record("\(figure.name): \(box.text) is cut off at \(x), \(y)") }
    }
    let all = (level + slanted).map(\.text).joined().filter { $0 != " " }
    for name in names { #expect(all.contains(name.filter { $0 != " " }), "\(name) in \(figure.name)") }
  }

  private func input(_ structures: [String], _ variants: [String]) -> ReportInput {
    var input = Fixture.complete
    input.structures = structures
    input.groups = []
    input.variants = variants.enumerated().map { number, name in
      var variant = Fixture.variant(1, name, gain: 0, aspp: false)
      for run in variant.runs.indices {
        variant.runs[run].identity = "\(number)-\(run)"
        variant.runs[run].evaluations = [
          Fixture.evaluation("A", dice: structures.map { _ in 0.5 }),
          Fixture.evaluation("B", dice: structures.map { _ in 0.7 }),
        ]
      }
      return variant
    }
    (input.baseline, input.proposed) = (variants.first, nil)
    return input
  }

  private func overlays(_ input: ReportInput, _ cases: [String]) -> [Overlay] {
    cases.map { name in
      Overlay(
        name: name, role: "median", image: FigureTests.labels, truth: FigureTests.labels,
        predictions: input.rows.map { .init(variant: $0.name, labels: FigureTests.labels, dice: 0.5) }, aspect: 1.5)
    }
  }

  static let verse = (1...17).map { "vertebrae_L\($0)" }
  static let long = "a structure of a name that goes on " + String(repeating: "and on ", count: 16) + "to its end"
  static let variants = ["SAFNet (full)", "SAFNet without multiscale fusion", "U-Net 3D, batch 2, deep supervision"]
  static let sets: [(structures: [String], variants: [String], cases: [String])] = [
    (["S", "L5", "L5/S"], ["Base", "SAFNet"], ["Case10"]),
    (
      ["vertebrae_L5", "vertebrae_L4", "intervertebral_disc_L5_S1", "autochthon_left"], variants,
      ["sub-verse503_acq-sag_T2w", "sub-verse507_acq-sag_T2w"]
    ),
    (verse, variants, [String(repeating: "patient-0123456789", count: 4)]),
    ([long, "S", String(repeating: "x", count: 150)], [long, "B"], ["c"]),
    (["椎体網絡第五腰椎", "椎間盤", "कशेरुका खंड", "فقرة قطنية", "MMMMMMMMMMMM", "WWWW@%WWWW"], ["椎体网络", "ネットワーク", "新經網路"], ["症例一"]),
    (["A"], (1...75).map { "variant number \($0)" }, ["Case1", "Case2"]),
    (verse, (1...12).map { "method of a longer name \($0)" }, ["Case1"]),
  ]

  @Test(arguments: sets.indices) func everyNameIsWholeAndApart(_ index: Int) throws {
    let set = Self.sets[index]
    let input = input(set.structures, set.variants)
    let drawings = Report(input, .init(tables: [.cost])).drawings(overlays: overlays(input, set.cases))
    #expect(drawings.leftOut == [])
    try #require(drawings.figures.map(\.name) == ["learning-curves", "structure-dice", "overlays"])
    expectReadable(drawings.figures[0], set.variants)
    expectReadable(drawings.figures[1], set.variants + set.structures)
    expectReadable(drawings.figures[2], set.variants + set.structures + set.cases)
    if set.variants.count <= 75 { #expect(drawings.figures.allSatisfy { $0.width <= 1520 }) }
  }

  @Test func figuresThatNoPictureCouldHoldAreLeftOutAndSaid() {
    let input = input((1...255).map { "s\($0)" }, (1...120).map { "v\($0)" })
    let report = Report(input, .init(tables: [.cost]))
    let drawings = report.drawings()
    #expect(drawings.figures.map(\.name) == ["learning-curves"])
    #expect(drawings.leftOut.count == 1 && drawings.leftOut[0].contains("structure-dice is left out: 120 methods"))
    let files = ReportFiles(report, formats: [.markdown, .figures, .html])
    for name in ["report.md", "report.html"] {
      #expect(String(decoding: files.contents[name]!, as: UTF8.self).contains("is left out: 120 methods"))
    }
  }

  @Test func noTwoVariantsAndNoTwoStructuresLookTheSame() {
    #expect(Set((0..<1000).map(SeriesStyle.init)).count == 1000)
    #expect(Set((0..<255).map(StructureLook.init)).count == 255)
    // Without lines (dash) and without hue (print).
    #expect(Set((0..<36).map { "\(SeriesStyle($0).colour) \(SeriesStyle($0).marker)" }).count == 36)
    #expect(Set((0..<6).map { SeriesStyle($0).dash }).count == 6)
    #expect((0..<254).allSatisfy { StructureLook($0).colour != StructureLook($0 + 1).colour })
  }

  @Test func linesBreakBetweenWordsAndLoseNothing() {
    #expect(TextMeasure.lines("one two three", width: 50, size: 11) == ["one two", "three"])
    #expect(TextMeasure.lines("vertebrae_L5", width: 60, size: 11).joined() == "vertebrae_L5")
    #expect(TextMeasure.lines("", width: 10, size: 11) == [""])
    let word = String(repeating: "W", count: 40)
    let lines = TextMeasure.lines(word, width: 100, size: 11)
    #expect(lines.joined() == word && lines.allSatisfy { TextMeasure.width($0, size: 11) <= 100 })
  }

  /// Losses beyond all bounds have ticks that fit.
  @Test(arguments: [
    [0, .leastNonzeroMagnitude], [1e300, 1e300], [-3e38, 3e38], [1e-9, 3e-9], [0, 1e12], [0.1, 0.1],
  ])
  func axesHoldAnyNumbers(_ values: [Double]) {
    let axis = Axis(covering: values)
    #expect(axis.ticks.count > 1 && axis.ticks.count < 20 && axis.lower < axis.upper)
    #expect(axis.ticks.allSatisfy { axis.label($0).count <= 9 }, "\(axis.ticks.map(axis.label))")
  }
}
