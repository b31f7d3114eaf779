import Compute
import Experiments
import Foundation
import Interchange
import Training

/// A model for each run, `pipeline.json` and `predict.py`.
struct ONNXExport {
  let runs: ExportedRuns
  let checkpoint: TrainedNetworks.Choice
  let program: RunningProgram

  func write(to folder: inout ExportFolder) throws {
    let networks = try runs.networks(checkpoint, program)
    var models: [PipelineDescription.Model] = []
    for (index, network) in networks.enumerated() {
      let file = networks.count == 1 ? "model.onnx" : "model-\(index + 1).onnx"
      try folder.write(file, try model(network).data())
      models.append(.init(file: file, source: network.source))
    }
    if let note = roundingNote(networks.map(\.plan)) { folder.say(note) }
    let plan = networks[0].plan
    let description = PipelineDescription(
      models: models, channels: plan.dataset.channels, preprocessing: plan.preprocessing, structures: plan.structures,
      provenance: program.provenance(of: networks.map(\.plan), notes: runs.notes + folder.notes))
    try folder.write("pipeline.json", json: description.json)
    try folder.write(PredictScript.name, PredictScript.text)
  }

  private func model(_ network: TrainedNetworks.Loaded) throws -> ONNXModel {
    var model = try ONNXModel(network.graph, network.weights)
    model.producer.version = program.version
    model.notes = network.source.texts
    return model
  }

  private func roundingNote(_ plans: [Plan]) -> String? {
    guard plans.contains(where: { $0.training.precision == .bfloat16 }) else { return nil }
    return "trained with training.precision bfloat16: `safnet predict` rounds products so, the models here compute in"
      + " float32, and where two classes are nearly equal the label maps may differ"
  }
}

extension RunningProgram {
  /// Where an export of these plans comes from.
  func provenance(of plans: [Plan], notes: [String]) -> ExportProvenance {
    func all(_ values: [String]) -> String {
      var seen: Set<String> = []
      return values.filter { seen.insert($0).inserted }.joined(separator: ", ")
    }
    return ExportProvenance(
      program: "safnet \(version)", dataset: all(plans.map(\.dataset.digest)), network: all(plans.map(\.model.slug)),
      precision: all(plans.map(\.training.precision.rawValue)), notes: notes)
  }
}
