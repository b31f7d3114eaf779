import Foundation
import Interchange
import JSON

/// The test cases of each fold as nnU-Net leaves them.
struct NNUNetExport {
  let runs: ExportedRuns
  let program: RunningProgram

  func write(to folder: inout ExportFolder) throws {
    let tested = try TestPredictions(runs, program)
    for part in tested.parts {
      let place = NNUNetFolder.folder(fold: part.plan.fold.number)
      guard !folder.files.contains("\(place)/summary.json") else {
        throw ExportRefusal.foldTwice(number: part.plan.fold.number)
      }
      for one in part.scores { try folder.write("\(place)/\(one.name).nii.gz", part.labelMap(one.name)) }
      try folder.write("\(place)/summary.json", NNUNetFolder.summary(part.scores, structures: tested.structures))
    }
    if !NNUNetFolder.areConsecutive(tested.structures) {
      folder.say(
        "the label numbers are the dataset's and not 1, 2, 3 ...: nnU-Net evaluates them, and would not train on them")
    }
    folder.say("left out: networks (their form is another) and the truth, which nnU-Net looks for by the case's name")
    try folder.write(
      "dataset.json",
      json: NNUNetFolder.dataset(
        tested.structures, cases: tested.cases.count, channels: tested.plans[0].dataset.channels))
    let provenance = program.provenance(of: tested.plans, notes: runs.notes + folder.notes)
    try folder.write(
      "safnet.json",
      json: JSONValue.object([
        ("runs", .array(tested.parts.map { .object($0.source.members) })), ("provenance", provenance.json),
      ]))
  }
}
