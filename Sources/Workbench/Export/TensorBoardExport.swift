import Foundation
import Interchange
import JSON
import Text

/// An event file for each run, in a folder of its own: curves of training and validation, the test's scores, the plan.
struct TensorBoardExport {
  let runs: ExportedRuns
  let program: RunningProgram

  func write(to folder: inout ExportFolder) throws {
    let curves = try runs.directories.map { try RunCurves($0, program) }
    for one in curves {
      var events = TensorBoardEvents(time: one.start)
      let plan = String(decoding: try IndentedJSON.data(one.plan), as: UTF8.self)
      events.text("plan", "```\n\(plan)\n```", step: 0, time: one.start)
      for point in one.points { events.scalar(point.name, point.value, step: point.step, time: point.time) }
      try folder.write("\(one.run.name)/\(TensorBoardEvents.fileName(time: one.start))", events.data)
      if one.leftOut > 0 {
        folder.say(
          "\(one.run.name): \(Quantity.of(one.leftOut, "number")) that \(one.leftOut == 1 ? "is not finite is" : "are not finite are")"
            + " left out"
        )
      }
      if one.history.lostEpochs > 0 {
        folder.say(
          "\(one.run.name): of \(Quantity.of(one.history.lostEpochs, "epoch")) the journal does not tell any more")
      }
    }
    let provenance = program.provenance(of: curves.map(\.plan), notes: runs.notes + folder.notes)
    try folder.write("safnet.json", json: provenance.json)
  }
}
