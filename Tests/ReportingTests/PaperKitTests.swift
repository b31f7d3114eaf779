import Experiments
import Foundation
import Metrics
import Models
import Networks
import TestSupport
import Testing
import Volumes

import Reporting

/// The paragraph on methods, and the folder as an RO-Crate.
@Suite struct PaperKitTests {
  @Test func gapsAreVisible() {
    let text = MethodsText(Report(Fixture.complete)).text
    #expect(text.contains("**[not known: origin of the images, scanners and sequences, who was included"))
    #expect(text.contains("**[not known: whether several cases are of one patient]**"))
    #expect(text.contains("**[not known: how many cases each part of a fold has]**"))
    #expect(text.contains("15 cases (content `d00d00000000`)"))
    #expect(text.contains("one seed: what is said holds for these trained networks"))
    #expect(!text.contains("External test set"))
  }

  /// A field in which methods differ is said with whose it is; the seed stands in words of its own.
  @Test func fieldsOfPlansAreSaidWithWhoseTheyAre() {
    var input = Fixture.complete
    for index in input.variants.indices {
      for run in input.variants[index].runs.indices {
        input.variants[index].runs[run].plan =
          #"{"training":{"batch":2,"epochs":\#(index == 0 ? 5 : 7),"seed":2023},"augmentation":false}"#
      }
    }
    input.partition = [
      .init(fold: 1, name: "training", cases: 10), .init(fold: 1, name: "validation", cases: 2),
      .init(fold: 1, name: "test", cases: 5), .init(fold: 2, name: "training", cases: 11),
      .init(fold: 2, name: "validation", cases: 2), .init(fold: 2, name: "test", cases: 5),
    ]
    let text = MethodsText(Report(input)).text
    let others = input.variants.dropFirst().map { Markdown.escaped($0.name) }.joined(separator: ", ")
    #expect(text.contains("batch 2, epochs 5 (\(Markdown.escaped(input.variants[0].name))) or 7 (\(others))."))
    #expect(text.contains("Seeds: 2023 (one seed"))
    #expect(text.contains("Training cases were not augmented."))
    #expect(text.contains("chose the checkpoint and 5 were tested."))
  }

  @Test func channelsAreNamedWithHowTheyAreNormalised() {
    var input = Fixture.complete
    let alone = " channels was resampled, and its intensities normalised, by itself."
    #expect(!MethodsText(Report(input)).text.contains("Of every image"))
    input.channels = ["0 T1", "1 T2"]
    var text = MethodsText(Report(input)).text
    #expect(text.contains(" Of every image the channels 0 T1, 1 T2 were read, on one grid."))
    #expect(text.contains("Each of the 2" + alone))
    input.channels = ["1"]
    text = MethodsText(Report(input)).text
    #expect(text.contains("the channel 1 alone was read, on one grid **[not known: what the channels are]**."))
    #expect(!text.contains(alone))
  }

  @Test func whatNeverHappensIsNoPartOfTheMethods() {
    var input = Fixture.complete
    for index in input.variants.indices {
      for run in input.variants[index].runs.indices {
        input.variants[index].runs[run].plan =
          #"{"augmentation":{"elastic":{"probability":0,"sigma":4},"rotation":{"degrees":30,"probability":0.2}}}"#
      }
    }
    #expect(
      MethodsText(Report(input)).text.contains(
        "Augmentation of training cases: rotation.degrees 30, rotation.probability 0.2.\n"))
  }

  /// All 44 of CLAIM stand there in order; what only people know is a gap, and a table that is not made is asked for by name.
  @Test func checklistsSayWhatIsKnownAndWhatIsNot() {
    let report = Report(Fixture.complete)
    let lines = ChecklistText(report).text.split(separator: "\n").map(String.init)
    let numbers = lines.compactMap { line in Int(line.split(separator: "|").first?.dropFirst().dropLast() ?? "") }
    #expect(numbers == Array(1...44))
    func item(_ number: Int) -> String { lines.first { $0.hasPrefix("| \(number) |") } ?? "" }
    #expect(item(5) == "| 5 | prospective or retrospective | **[not known]** |")
    #expect(item(34).contains("registration of a trial") && item(44).contains("funding"))
    #expect(item(39).contains("failure analysis") && item(39).contains("name `failures` in `report.tables`"))
    #expect(item(32).contains("Table 1 · Methods and folds") && item(30).contains("one seed: none"))
    #expect(item(20).contains("whether several are of one patient **[not known]**"))
    let known = numbers.filter { !item($0).hasSuffix("| **[not known]** |") }.count
    #expect(lines.contains("\(known) of 44 items have an answer or a part of one here."))
    #expect(known == 21)
  }

  /// What a plan leaves out, because it was always usual, belongs to the method all the same; what does nothing does not.
  @Test(arguments: [
    (LearningRateSchedule.Kind.poly, Optimiser.Rule.adam, "schedule.exponent 0.9", "momentum"),
    (.plateau, .adam, "schedule.factor 0.5", "exponent"), (.poly, .sgd, "momentum 0.99", "beta1"),
  ]) func usualValuesAreSaid(
    schedule: LearningRateSchedule.Kind, rule: Optimiser.Rule, words: String, others: String
  ) throws {
    var plan = Plan(
      model: ModelConfiguration(SAFNet()), structures: LabelMap(structures: [.init(name: "L1", value: 1)]),
      dataset: DatasetFingerprint(digest: "x", cases: 3), preprocessing: Preprocessing(), augmentation: nil,
      fold: Fold(number: 1, train: ["a"], validation: ["b"], test: ["c"]), training: TrainingPlan())
    (plan.training.schedule.kind, plan.training.optimiser.rule) = (schedule, rule)
    var input = Fixture.complete
    for row in input.variants.indices {
      for run in input.variants[row].runs.indices {
        input.variants[row].runs[run].plan = String(decoding: plan.canonicalJSON, as: UTF8.self)
      }
    }
    let text = MethodsText(Report(input)).text
    #expect(text.contains(words) && text.contains("optimiser \"\(rule.rawValue)\""), "\(text)")
    #expect(!text.contains(others) && (schedule == .plateau || !text.contains("schedule.minimum")), "\(text)")
  }

  /// The same networks, used otherwise: neither trained nor counted once more.
  @Test func rowsThatPredictOtherwiseAreNotTrained() throws {
    var input = Fixture.complete
    var row = input.variants[0]
    row.name = "Turned"
    row.predicted = .init(variant: input.variants[0].name, way: PredictionPlan())
    input.variants.append(row)
    let (report, plain) = (Report(input), Report(Fixture.complete))
    #expect(ChecklistText(report).text == ChecklistText(plain).text)
    let methods = MethodsText(report).text
    #expect(methods.contains("Turned: the networks of") && !methods.contains("; Turned"))
    let cost = try #require(report.tables.first { $0.kind == .cost })
    #expect(
      cost.cell(row: "Turned", column: "Epochs")?.content
        != cost.cell(row: input.variants[0].name, column: "Epochs")?.content)
  }

  @Test func patientsAreTheLevelOfDisjointParts() {
    var input = Fixture.complete
    input.patients = ["a": "p"]
    #expect(ChecklistText(Report(input)).text.contains("| 20 | level at which parts are disjoint | patients:"))
  }

  private func crate(_ files: [(name: String, data: Data)]) throws -> [[String: Any]] {
    let data = ReportCrate(Report(Fixture.complete), files: files).json(date: "2026-11-27T08:00:00Z")
    let whole = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return try #require(whole?["@graph"] as? [[String: Any]])
  }

  @Test func aCrateDescribesItsFilesAndWhatMadeThem() throws {
    let graph = try crate([("report.md", Data("abc".utf8)), ("cost.csv", Data())])
    let entities = Dictionary(uniqueKeysWithValues: graph.map { ($0["@id"] as? String ?? "", $0) })
    func text(_ id: String, _ key: String) -> String? { entities[id]?[key] as? String }
    func reference(_ id: String, _ key: String) -> String? {
      (entities[id]?[key] as? [String: String])?["@id"]
    }
    #expect(text("./", "datePublished") == "2026-11-27T08:00:00Z" && reference("./", "license") == "#license")
    #expect(text("report.md", "encodingFormat") == "text/markdown" && text("report.md", "contentSize") == "3")
    #expect(text("report.md", "sha256") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(reference("ro-crate-metadata.json", "conformsTo") == "https://w3id.org/ro/crate/1.1")
    // Every reference leads to an entity of the crate.
    let values = graph.flatMap { $0.values }
    let references = values.flatMap { value -> [String] in
      if let one = value as? [String: String] { return one["@id"].map { [$0] } ?? [] }
      return (value as? [[String: String]] ?? []).compactMap { $0["@id"] }
    }.filter { !$0.hasPrefix("https://") }
    #expect(references.count > 5)
    #expect(references.allSatisfy { entities[$0] != nil })
  }

  /// The date is that of the last result: the same runs leave the same bytes, whenever they are reported.
  @Test func theDateIsThatOfTheLastResult() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.md", "one")
    var input = Fixture.complete
    func write() throws -> String {
      try ReportCrate.write(Report(input), files: ["a.md", "gone.png"], in: folder.url)
      return String(decoding: try Data(contentsOf: folder.file(ReportCrate.name)), as: UTF8.self)
    }
    input.variants[0].runs[0].lastTime = Date(timeIntervalSince1970: 3_000_000)
    input.variants[0].runs[1].lastTime = Date(timeIntervalSince1970: 1_000_000)
    let first = try write()
    #expect(first.contains("1970-02-04T17:20:00Z") && !first.contains("gone.png"))
    #expect(try write() == first)
  }
}
