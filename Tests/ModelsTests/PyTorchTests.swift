import Compute
import Models
import Networks
import TestSupport
import Testing

/// Every network against its PyTorch twin in double precision. Each bound is `GoldenNetwork.allowance` times the error of
/// the twin's own single precision, plus the rounding of the stored value. A parameter of a few numbers may have been
/// lucky in PyTorch's one draw of roundings; the network's median relative error is its least.
struct PyTorchTests {
  private func bounds(_ golden: [Float], error: Float) -> [Float] {
    golden.map { GoldenNetwork.allowance * error + $0.magnitude * 0x1p-23 }
  }

  @Test(arguments: GoldenNetwork.all) func logits(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    let logits = try network.session().logits(image: network.images)
    #expect(logits.count == GoldenNetwork.classes * network.extent.count)
    let sampled = stride(from: 0, to: logits.count, by: GoldenNetwork.logitStride).map { logits[$0] }
    let expected = try golden["logits"].values
    expectClose(sampled, expected, bounds: bounds(expected, error: try golden["error.logits"].values[0]), "logits")
  }

  @Test(arguments: GoldenNetwork.all) func lossAndEveryGradient(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    let session = try network.session()
    let record = try session.gradients(images: network.images, labels: network.labels, batch: network.batch)
    let loss = try golden["loss"].values
    let lossError = max(loss[0] * 0x1p-23, try golden["error.loss"].values[0])
    expectClose([Float(record.loss)], loss, bounds: bounds(loss, error: lossError), "loss")
    let typical = try Self.typicalError(golden)
    let gradients = session.exportGradients().sorted { $0.name < $1.name }
    #expect(gradients.count == golden.tensors.keys.count { $0.hasPrefix("gradient/") })
    for (index, gradient) in gradients.enumerated() {
      let expected = try golden["gradient/" + gradient.name].values
      let largest = expected.prefix(GoldenNetwork.samples).map(\.magnitude).max()!
      let error = try golden["error/" + gradient.name].values.map { max($0, typical * largest) }
      let samples = GoldenNetwork.sampled(gradient.values)
      expectClose(
        samples, Array(expected.prefix(samples.count)),
        bounds: bounds(Array(expected.prefix(samples.count)), error: error[0]), gradient.name)
      let projections = Array(expected.dropFirst(samples.count))
      expectClose(
        GoldenNetwork.projected(gradient.values, index: index), projections,
        bounds: bounds(projections, error: max(error[0] * Float(gradient.values.count).squareRoot(), error[1])),
        gradient.name + ", projected")
    }
  }

  @Test(arguments: GoldenNetwork.all) func tenStepsOfAdam(_ network: GoldenNetwork) throws {
    let golden = try network.golden()
    let session = try network.session()
    let losses = try (0..<GoldenNetwork.steps).map { _ in Float(try network.step(session).loss) }
    let expected = try golden["losses"].values
    let errors = try golden["error.losses"].values
    expectClose(losses, expected, bounds: bounds(expected, error: errors.max()!), "losses")
    let typical = Self.median(golden.tensors.filter { $0.key.hasPrefix("error.after/") }.map { $0.value.values[0] })
    for parameter in session.exportState().parameters {
      guard let after = golden.tensors["after/" + parameter.name] else { continue }
      let error = max(typical, try golden["error.after/" + parameter.name].values[0])
      expectClose(
        GoldenNetwork.sampled(parameter.values), after.values, bounds: bounds(after.values, error: error),
        parameter.name + " after ten steps")
    }
  }

  /// The median over parameters of the twin's largest error relative to the largest stored entry.
  private static func typicalError(_ golden: GoldenFile) throws -> Float {
    median(
      try golden.tensors.filter { $0.key.hasPrefix("gradient/") }.compactMap { name, tensor in
        let largest = tensor.values.prefix(GoldenNetwork.samples).map(\.magnitude).max()!
        return largest == 0 ? nil : try golden["error/" + name.dropFirst("gradient/".count)].values[0] / largest
      })
  }

  private static func median(_ values: [Float]) -> Float { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
