import Experiments
import Foundation
import JSON
import Metrics
import Text

/// `methods.md`: what a paper's section on methods would have to say, as far as plans and runs tell it.
///
/// What nobody told the program stands in brackets and bold, so that a gap cannot be overlooked.
package struct MethodsText {
  private let report: Report
  private var input: ReportInput { report.input }

  package init(_ report: Report) { self.report = report }

  package var text: String {
    let parts: [(String, String?)] = [
      ("Data", data), ("Preprocessing", settings("preprocessing") + channelWords + augmentation), ("Methods", methods),
      ("Training", training), ("Test", test), ("External test set", externalTest), ("Statistics", statistics),
      ("Computing", computing), ("Availability", Self.gap("where code, data and trained networks can be had")),
    ]
    let sections = parts.compactMap { title, words in words.map { "**\(title).** \($0)\n" } }
    return "# Methods: \(Markdown.escaped(input.title))\n\n"
      + "Made from plans and runs. What stands in brackets nobody told the program: fill it in, or strike it out.\n\n"
      + sections.joined(separator: "\n")
  }

  private static func gap(_ what: String) -> String { "**[not known: \(what)]**" }

  private var own: [ReportInput.Variant] { input.variants.filter(\.isTrainedHere) }
}

// MARK: Sections

extension MethodsText {
  private var data: String {
    let names = input.structures.map(Markdown.escaped).joined(separator: ", ")
    let taken = input.remarks.filter { $0.hasPrefix("Taken out") }.map { " \(Markdown.escaped($0))" }.joined()
    let patients =
      input.patients.isEmpty
      ? Self.gap("whether several cases are of one patient") : "Cases of one patient stayed in one part of every fold."
    let channels = input.channels.isEmpty ? "" : " Of every image \(channelList)."
    return "\(Quantity.of(input.provenance.cases, "case")) (content `\(input.provenance.dataset.prefix(12))`)"
      + " \(Self.gap("origin of the images, scanners and sequences, who was included, ethical approval")) with masks of"
      + " \(Quantity.of(input.structures.count, "structure")) (\(names))"
      + " \(Self.gap("who annotated, by which protocol, how far annotators agree")) were divided into"
      + " \(input.folds.count) folds.\(sizes) \(patients)\(taken)\(channels)"
  }

  /// "the channels 0 T1, 1 T2 were read".
  private var channelList: String {
    let isNamed = input.channels.allSatisfy { $0.contains(" ") }
    let names = input.channels.map(Markdown.escaped).joined(separator: ", ")
    return
      "the \(input.channels.count == 1 ? "channel \(names) alone was" : "channels \(names) were") read, on one grid"
      + (isNamed ? "" : " \(Self.gap("what the channels are"))")
  }

  private var channelWords: String {
    input.channels.count > 1
      ? " Each of the \(input.channels.count) channels was resampled, and its intensities normalised, by itself." : ""
  }

  private var sizes: String {
    guard !input.partition.isEmpty else { return " " + Self.gap("how many cases each part of a fold has") }
    func cases(_ name: String) -> String { range(of: input.partition.filter { $0.name == name }.map(\.cases)) }
    return
      " In each fold \(cases("training")) cases changed the parameters, \(cases("validation")) chose the checkpoint and"
      + " \(cases("test")) were tested."
  }

  private var augmentation: String {
    let all = PlanWords(own)
    return all.isOff("augmentation")
      ? " Training cases were not augmented." : " Augmentation of training cases: \(all.words(below: "augmentation"))."
  }

  private func settings(_ part: String) -> String { "\(PlanWords(own).words(below: part))." }

  private var methods: String {
    let networks = own.map { variant in
      let cost = variant.cost.map {
        " (\((Double($0.parameters) / 1e6).fixed(2)) M parameters, \((Double($0.multiplyAdds) / 1e9).fixed(2)) G"
          + " multiply-adds for \(patches.isEmpty ? "a case" : "what it sees at once"))"
      }
      return Markdown.escaped(variant.name) + (cost ?? "")
    }
    let imported = input.importNotes(for: .ablation).map { " \(Markdown.escaped($0))" }.joined()
    let predicted = input.predictionNotes(for: .ablation).map { " \(Markdown.escaped($0))" }.joined()
    return
      "\(networks.joined(separator: "; ")). Networks: \(PlanWords(own).words(below: "model")).\(imported)\(predicted)"
  }

  private var training: String {
    let seeds = own.map(\.seeds).distinct
    let words = seeds.map { $0.map { "\($0)" }.joined(separator: ", ") }.joined(separator: "; or ")
    let one = own.allSatisfy { $0.seeds.count == 1 }
    return "\(PlanWords(own).words(below: "training")). Seeds: \(words)"
      + (one ? " (one seed: what is said holds for these trained networks, not for the methods)." : ".")
      + (report.status.map { " \(Markdown.escaped($0))" } ?? "") + patchWords
  }

  private var patches: [String] { PlanWords(own).values(at: "training.patch").map { Markdown.escaped($0) } }

  private var patchWords: String {
    guard !patches.isEmpty else { return "" }
    let given = PlanWords(own).values(at: "training.foreground")
    let share = given.isEmpty ? CanonicalJSON.text(TrainingPlan.usualForeground) : given.joined(separator: " or ")
    return
      " Patches: one of every training case in an epoch; of the patches of a batch a share of \(share) was laid around a"
      + " voxel of a structure drawn at random, the others anywhere in the image (nnU-Net's rule)."
  }

  private var test: String {
    "Each test case was predicted once by the network of its fold"
      + "\(own.contains(where: \.hasSeveralSeeds) ? " and of each seed" : "") (checkpoint: \(input.provenance.checkpoint))"
      + "\(windows), and compared with the truth \(input.grid.words). A structure that neither truth nor prediction holds is"
      + " not counted; one that is invented has a Dice of 0. Means are taken first over "
      + (report.options.averaging == .caseFirst
        ? "the structures of a case, then over cases." : "the cases of a structure, then over structures.")
  }

  private var windows: String {
    patches.isEmpty
      ? ""
      : ", in overlapping windows of \(patches.joined(separator: " or ")) voxels (D, H, W) where the network sees patches, half a"
        + " window apart or less, whose class scores were averaged with Gaussian weights (standard deviation: an eighth of the"
        + " window),"
  }

  private var externalTest: String? {
    input.test.map { test in
      "\(Quantity.of(test.cases.count, "case")) (content `\(test.digest.prefix(12))`)"
        + " \(Self.gap("their origin, and how they differ from the training cases")) that no run was trained on were predicted"
        + " by every network and by the ensemble of each seed's folds (mean of probabilities). No image of them is among the"
        + " training cases (by content)."
    }
  }

  private var statistics: String {
    let several = own.contains { $0.seeds.count > 1 }
    return
      "Standard deviations (n − 1) run over \(report.options.deviation == .cases ? "test cases" : "the folds' means")."
      + " 95 % intervals of means and paired differences: Student's t over cases"
      + (input.patients.isEmpty ? "" : ", patients with several cases as a whole,") + " and bootstrap (BCa,"
      + " \(Resamples.usual) resamples)."
      + (several
        ? " Differences of methods: tests over cases and seeds, two-sided at 5 %, Holm-corrected over all pairs."
        : " One seed: intervals and p values are of these trained networks; no difference of methods was tested.")
      + " \(Self.gap("whether the comparison was planned before the results were seen"))"
  }

  private var computing: String {
    let machines = own.flatMap(\.runs).compactMap(\.machine).map(\.words).distinct
    let place = machines.isEmpty ? Self.gap("on which machines") : Markdown.escaped(machines.joined(separator: "; "))
    return "Report by safnet \(Markdown.escaped(input.provenance.software)). Trained on: \(place)."
      + (input.numericsWords.map { " Bits: \($0)." } ?? "")
  }
}

/// The fields of plans by their paths, and which variants have which value.
private struct PlanWords {
  private let values: [(name: String, fields: [(path: String, value: String)])]

  /// Of each variant that has begun, or is planned, on some fold.
  init(_ variants: [ReportInput.Variant]) {
    values = variants.compactMap { variant in
      guard let run = variant.runs.first(where: { $0.plan != "{}" }),
        let node = try? JSONParser.parse(Array(run.plan.utf8), origin: .file("plan"))
      else { return nil }
      let fields = Self.leaves(node, "")
      let plan = try? Plan(json: Data(run.plan.utf8), file: "plan")
      return (variant.name, plan.map { Self.completed(fields, by: $0.training) } ?? fields)
    }
  }

  /// Without what does nothing here, and with what a plan need not say: values that were always usual.
  private static func completed(
    _ fields: [(path: String, value: String)], by training: TrainingPlan
  ) -> [(path: String, value: String)] {
    let idle = Set(training.unused.map { "training.\($0.field)" })
    let usual: [(path: String, value: JSONValue)] = [
      ("training.optimiser", .string(training.optimiser.rule.rawValue)),
      ("training.momentum", .number(training.optimiser.momentum)),
      ("training.nesterov", .bool(training.optimiser.nesterov)),
      ("training.schedule.kind", .string(training.schedule.kind.rawValue)),
      ("training.schedule.exponent", .number(training.schedule.exponent)),
    ]
    let said = Set(fields.map(\.path))
    return fields.filter { !idle.contains($0.path) }
      + usual.filter { !idle.contains($0.path) && !said.contains($0.path) }.map {
        ($0.path, CanonicalJSON.text($0.value))
      }
  }

  private static func leaves(_ node: JSONNode, _ path: String) -> [(path: String, value: String)] {
    guard case .object(let members) = node.content else { return [(path, CanonicalJSON.text(node.value))] }
    // What never happens is no part of a method.
    if node["probability"]?.value == 0 { return [] }
    return members.flatMap { leaves($0.node, path.isEmpty ? $0.key : "\(path).\($0.key)") }
  }

  func isOff(_ part: String) -> Bool {
    !values.isEmpty && values.allSatisfy { $0.fields.contains { $0.path == part && $0.value == "false" } }
  }

  /// The values of one field, of the variants that have it.
  func values(at path: String) -> [String] {
    values.compactMap { one in one.fields.first { $0.path == path }?.value }.distinct
  }

  /// "epochs 60, batch 2, learningRate 0.001 (A) or 0.0003 (B)".
  func words(below part: String) -> String {
    var paths: [String] = []
    for path in values.flatMap({ $0.fields.map(\.path) })
    where path.hasPrefix(part + ".") && path != "training.seed" && !paths.contains(path) {
      paths.append(path)
    }
    guard !paths.isEmpty else { return "**[not known: \(part), before runs are planned]**" }
    return paths.map { path in
      let name = Markdown.escaped(String(path.dropFirst(part.count + 1)))
      let own = values.map { one in (one.name, one.fields.first { $0.path == path }?.value) }
      let known = own.map(\.1).distinct
      if known.count == 1, let value = known[0] { return "\(name) \(Markdown.escaped(value))" }
      let groups = known.map { value in
        let names = own.filter { $0.1 == value }.map { Markdown.escaped($0.0) }.joined(separator: ", ")
        return "\(Markdown.escaped(value ?? "none")) (\(names))"
      }
      return "\(name) \(groups.joined(separator: " or "))"
    }.joined(separator: ", ")
  }
}
