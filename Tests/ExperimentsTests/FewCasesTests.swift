import Experiments
import Foundation
import JSON
import Testing

/// Experiments whose number of cases is known: folds that so many do not make, and phantoms that cannot be made.
@Suite struct FewCasesTests {
  /// The settings that are named are accepted; below three cases none are, and none are named.
  @Test(arguments: 1...8, [1, 4]) func fewCasesAreToldFoldsThatGo(cases: Int, asked: Int) throws {
    func mistakes(_ folds: String, batch: Int) throws -> [String] {
      let text = experiment(
        "\(folds),\"training\":{\"batch\":\(batch)}", dataset: #"{"path":"d","phantom":{"cases":\#(cases)}}"#)
      return try ExperimentFolder(["x.json": text]).mistakes()
    }
    for count in 2...9 {
      for source in ["heldOut", "training"] {
        let given = #""folds":{"count":\#(count),"validation":1,"validationFrom":"\#(source)"}"#
        guard let words = try mistakes(given, batch: asked).first else { continue }
        if cases < 3 {
          #expect(words.contains("folds.count: \(cases) case") && words.contains("whatever is set here; add cases"))
        } else if let advice = words.range(of: "always make is ").map({ String(words[$0.upperBound...]) }) {
          let parts = advice.components(separatedBy: ", with training.batch at most ")
          #expect(try mistakes(parts[0], batch: parts.count > 1 ? #require(Int(parts[1])) : asked) == [], "\(advice)")
        } else {
          #expect(asked > 1 && words.contains("training.batch"), "\(words)")
        }
      }
    }
  }

  /// Where validation takes all that is held out, each way that is named is accepted with the numbers that it names.
  @Test(arguments: 6...24, [1, 4]) func aTestIsLeftByEachWayThatIsNamed(cases: Int, batch: Int) throws {
    func mistakes(_ count: Int, _ validation: Int, _ source: String, _ batch: Int) throws -> [String] {
      let folds =
        #""folds":{"count":\#(count),"validation":\#(validation),"validationFrom":"\#(source)"}"#
      let text = experiment(
        #"\#(folds),"training":{"batch":\#(batch)}"#, dataset: #"{"path":"d","phantom":{"cases":\#(cases)}}"#)
      return try ExperimentFolder(["x.json": text]).mistakes()
    }
    func number(_ label: String, _ words: String) -> Int? {
      words.range(of: label).flatMap { Int(words[$0.upperBound...].prefix(while: \.isNumber)) }
    }
    for count in 2...cases / 2 {
      for validation in cases / count...cases / count + 2 {
        let words = try #require(try mistakes(count, validation, "heldOut", batch).first)
        let least = try #require(number("lower folds.validation to ", words))
        #expect(try mistakes(count, least, "heldOut", number("training.batch to ", words) ?? batch) == [], "\(words)")
        if let fewer = number("lower folds.count to ", words) {
          let all = words.contains("folds.count to \(fewer) or less") ? 2...fewer : fewer...fewer
          for one in all { #expect(try mistakes(one, validation, "heldOut", batch) == [], "\(words)") }
        }
        let named = words.contains("folds.validationFrom")
        #expect(try named == mistakes(count, validation, "training", batch).isEmpty, "\(words)")
      }
    }
  }

  /// What the phantom's writer would refuse is refused with the file.
  @Test(arguments: [
    (#""cases":0"#, "cases: found 0, allowed: 1 to 100000"),
    (#""slices":[0,3]"#, "slices[0]: found 0, allowed: 1 to 2048"),
    (#""height":8"#, "height: found 8, allowed: 16 to 4096"),
    (#""width":5000"#, "width: found 5000, allowed: 16 to 4096"),
    (#""fieldOfView":[100,300]"#, "fieldOfView[0]: found 100, allowed: at least 150 and at most 600"),
    (#""fieldOfView":[200,601]"#, "fieldOfView[1]: found 601, allowed: at least 150 and at most 600"),
    (#""noise":-1"#, "noise: found -1, allowed: at least 0 and at most 1"),
  ])
  func phantomsThatCannotBeMadeAreRefused(field: String, message: String) throws {
    let text = experiment(dataset: "{\"path\":\"d\",\"phantom\":{\(field)}}")
    let mistakes = try ExperimentFolder(["x.json": text]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(": dataset.phantom." + message), "\(mistakes)")
  }

  @Test func casesAreCheckedWhenTheirNumberIsKnown() throws {
    let specification = try ExperimentFolder(["x.json": experiment()]).load()
    #expect(specification.conflicts(cases: 172).isEmpty)
    #expect(specification.conflicts(cases: 24).map(\.path.description) == ["folds.validation"])
    #expect(specification.conflicts(cases: 25).isEmpty)
    #expect(specification.conflicts(cases: 3).map(\.path.description) == ["folds.count"])
  }
}
