import Experiments
import Foundation
import Interchange
import Training

/// `weights.safetensors` of each run, the network as `model.py`, and `pipeline.json`.
struct PyTorchExport {
  let runs: ExportedRuns
  let checkpoint: TrainedNetworks.Choice
  let program: RunningProgram

  func write(to folder: inout ExportFolder) throws {
    let networks = try runs.networks(checkpoint, program)
    let first = networks[0]
    if let other = networks.first(where: { $0.plan.model != first.plan.model }) {
      throw ExportRefusal.severalNetworks(first: first.source.run, second: other.source.run)
    }
    var models: [PipelineDescription.Model] = []
    for (index, network) in networks.enumerated() {
      let file = networks.count == 1 ? "weights.safetensors" : "weights-\(index + 1).safetensors"
      let notes = [("program", "safnet \(program.version)")] + network.source.texts
      try folder.write(file, Safetensors.data(network.tensors, notes: notes))
      models.append(.init(file: file, source: network.source))
    }
    let title = "\(first.plan.model.slug), written by safnet \(program.version)."
    try folder.write(TorchSource.name, try TorchSource(first.graph, title: title).text)
    let plan = first.plan
    let description = PipelineDescription(
      models: models, channels: plan.dataset.channels, preprocessing: plan.preprocessing, structures: plan.structures,
      provenance: program.provenance(of: networks.map(\.plan), notes: runs.notes + folder.notes))
    try folder.write("pipeline.json", json: description.json)
  }
}
