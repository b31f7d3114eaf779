import CPU
import Compute
import Crypto
import Foundation
import Interchange
import Models
import Networks
import Testing

/// Weights and source for PyTorch by their structure and bytes. That PyTorch computes our scores and gradients with them is
/// what `Golden/pytorch_oracle.py` proves, for every pair whose digests are in `Golden/pytorch.txt`.
@Suite struct PyTorchTests {
  @Test func safetensorsHaveTheirHeaderThenTheirNumbers() throws {
    let data = Safetensors.data(
      [
        NamedTensor(name: "a.weight", shape: [2, 1], values: [1.5, -2]),
        NamedTensor(name: "a.num_batches_tracked", shape: [], values: [3]),
      ], notes: [("run", "r")])
    let length = Int(data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    #expect(length % 8 == 0)
    let header = String(decoding: data[8..<8 + length], as: UTF8.self).trimmingCharacters(in: .whitespaces)
    #expect(
      header
        == #"{"__metadata__":{"format":"pt","run":"r"},"a.num_batches_tracked":{"data_offsets":[8,16],"dtype":"I64","#
        + #""shape":[]},"a.weight":{"data_offsets":[0,8],"dtype":"F32","shape":[2,1]}}"#)
    #expect(Array(data.dropFirst(8 + length)) == [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 3, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test(arguments: SmallNetwork.all) func everyTensorHasItsModule(_ network: SmallNetwork) throws {
    let text = try TorchSource(network.graph, title: network.name).text
    for tensor in network.state.parameters {
      let module = tensor.name.split(separator: ".").dropLast().joined(separator: ".")
      #expect(
        text.contains("add(self, \"\(module)\",") || text.contains("add(self, \"\(tensor.name)\","), "\(tensor.name)")
    }
  }

  /// What is of other bytes is nothing that the oracle has seen: run it, then record its digests.
  @Test(arguments: SmallNetwork.all) func theFilesAreSomeThatTheOracleHasSeen(_ network: SmallNetwork) throws {
    let source = Data(try TorchSource(network.graph, title: network.name).text.utf8)
    let state = network.state
    let weights = Safetensors.data(state.parameters + state.statistics)
    guard Recording.folder == nil else { return try record(network, source, weights) }
    let digest = SHA256.hash(data: source + weights).map { String(format: "%02x", $0) }.joined()
    let file = Bundle.module.bundleURL.appending(path: "Golden/pytorch.txt")
    let seen = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(seen.contains("\(digest)  \(network.name)"), "see Golden/pytorch_oracle.py")
  }

  private func record(_ network: SmallNetwork, _ source: Data, _ weights: Data) throws {
    let folder = "pytorch/\(network.name)"
    try Recording.write("\(folder)/model.py", source)
    try Recording.write("\(folder)/weights.safetensors", weights)
    try Recording.write("\(folder)/image", network.image)
    try Recording.write("\(folder)/logits", network.logits())
    let labels = network.labels
    try Recording.write("\(folder)/labels", Data(labels))
    let session = try CPUEngine().session(
      SessionRequest(
        model: network.model, extent: network.extent, channels: network.model.channels,
        classes: SmallNetwork.classes, trainingBatches: [1],
        loss: .crossEntropy, threads: 1))
    try session.importState(network.state)
    _ = try session.gradients(images: network.image, labels: labels, batch: 1)
    try Recording.write("\(folder)/gradients.safetensors", Safetensors.data(try session.exportGradients()))
  }

  @Test func whatIsDifferentInTheGraphIsDifferentInTheSource() throws {
    let text = try TorchSource(SmallNetwork.all[0].graph, title: "t").text
    #expect(text.hasPrefix("\"\"\"t\n"))
    #expect(
      text.contains(
        "add(self, \"stem.0.conv\", nn.Conv3d(1, 8, (3, 3, 3), (1, 1, 1), (1, 1, 1), (1, 1, 1), bias=False))"))
    #expect(text.contains("x3 = F.relu(x2)"))
    #expect(text.contains("F.interpolate("))
  }
}
