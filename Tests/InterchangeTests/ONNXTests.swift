import Compute
import Crypto
import Experiments
import Foundation
import Interchange
import JSON
import Models
import Networks
import Testing
import Volumes

/// Model files by their structure and by their bytes. That those bytes are models which compute our scores is what
/// `Golden/onnx_oracle.py` proves with onnx and onnxruntime, for every file whose digest is in `Golden/onnx.txt`.
@Suite struct ONNXTests {
  /// All of them are served by the providers of onnxruntime for processors and for CUDA, in five dimensions.
  private static let operators: Set = [
    "Add", "AveragePool", "Concat", "Conv", "Erf", "Expand", "GlobalAveragePool", "Identity", "InstanceNormalization",
    "LayerNormalization", "MatMul", "Max", "MaxPool", "Mul", "Pad", "Relu", "Reshape", "Sigmoid", "Softmax",
    "Transpose",
  ]

  @Test(arguments: SmallNetwork.all) func everyValueIsWrittenOnceBeforeItIsRead(_ network: SmallNetwork) throws {
    let model = try ProtobufReader(try ONNXModel(network.graph, network.weights).data())
    #expect(model.integers(1) == [8])
    #expect(try model.messages(8).map { $0.integers(2) } == [[17]])
    let graph = try #require(try model.messages(7).first)
    let constants = try graph.messages(5).flatMap { $0.strings(8) }
    var known = Set(constants).union(["image"])
    var unread = Set(constants)
    #expect(known.count == constants.count + 1)
    for node in try graph.messages(1) {
      let (type, inputs, outputs) = (node.strings(4)[0], node.strings(1), node.strings(2))
      #expect(Self.operators.contains(type), "\(type)")
      #expect(known.isSuperset(of: inputs), "\(outputs)")
      #expect(outputs.count == 1 && known.insert(outputs[0]).inserted)
      unread.subtract(inputs)
    }
    #expect(known.contains("logits") && unread.isEmpty, "\(unread)")
  }

  @Test(arguments: SmallNetwork.all) func imageAndScoresHaveTheirSides(_ network: SmallNetwork) throws {
    let model = try ProtobufReader(try ONNXModel(network.graph, network.weights).data())
    let graph = try #require(try model.messages(7).first)
    let extent = [network.extent.depth, network.extent.height, network.extent.width]
    for (field, name, channels) in [(11, "image", network.model.channels), (12, "logits", SmallNetwork.classes)] {
      let value = try #require(try graph.messages(field).first)
      #expect(value.strings(1) == [name])
      let tensor = try #require(try value.messages(2).first?.messages(1).first)
      let sides = try #require(try tensor.messages(2).first?.messages(1))
      #expect(tensor.integers(1) == [1])
      #expect(sides.first?.strings(2) == ["N"])
      #expect(sides.dropFirst().flatMap { $0.integers(1) } == [channels] + extent)
    }
  }

  /// A file of other bytes is none that the oracle has seen: run it, then record its digests.
  @Test(arguments: SmallNetwork.all) func theFileIsOneThatTheOracleHasSeen(_ network: SmallNetwork) throws {
    let data = try ONNXModel(network.graph, network.weights).data()
    let digest = SHA256.hash(data: data).map { String(format: "%02x", $0) }.joined()
    try Recording.write("onnx/\(network.name).onnx", data)
    guard Recording.folder == nil else {
      try Recording.write("onnx/\(network.name).image", network.image)
      return try Recording.write("onnx/\(network.name).logits", network.logits())
    }
    let file = Bundle.module.bundleURL.appending(path: "Golden/onnx.txt")
    let seen = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
    #expect(seen.contains("\(digest)  \(network.name)"), "see Golden/onnx_oracle.py")
  }

  @Test func aTensorThatIsMissingOrOfAnotherShapeIsNamed() throws {
    let network = SmallNetwork.all[0]
    let state = network.state
    #expect(throws: InterchangeError.missingTensor(name: "classify.weight")) {
      let rest = state.parameters.filter { $0.name != "classify.weight" }
      _ = try ONNXModel(network.graph, NetworkWeights(rest + state.statistics))
    }
    var parameters = state.parameters
    let place = try #require(parameters.firstIndex { $0.name == "classify.bias" })
    parameters[place] = NamedTensor(name: "classify.bias", shape: [2], values: [0, 0])
    #expect(throws: InterchangeError.otherShape(name: "classify.bias", found: [2], expected: [5])) {
      _ = try ONNXModel(network.graph, NetworkWeights(parameters + state.statistics))
    }
  }

  /// What a newer program might have.
  private struct Strange: Networks.Operation, NetworkModel {
    let kind = "strange"
    func outputShape(of inputs: [Shape]) -> Shape { inputs[0] }
    func logits(of image: Node, classes: Int) -> Node { image.convolved(classes, bias: true, "conv").applying(self) }
  }

  @Test func anOperationWithoutAFormIsNamed() throws {
    let graph = Strange().graph(batch: 1, extent: 2, classes: 2)
    let weights = NetworkWeights([
      NamedTensor(name: "conv.weight", shape: [2, 1, 3, 3, 3], values: Array(repeating: 0, count: 54)),
      NamedTensor(name: "conv.bias", shape: [2], values: [0, 0]),
    ])
    let error = InterchangeError.unknownOperation(kind: "strange", format: "onnx")
    #expect(throws: error) { _ = try ONNXModel(graph, weights) }
    #expect("\(error)".contains("'strange' of this network has no form there"))
  }

  @Test func channelsAreDescribedInTheirOrder() {
    let description = PipelineDescription(
      models: [], channels: [1, 0], preprocessing: Preprocessing(size: Extent3(6, 32, 16)),
      structures: LabelMap(structures: [.init(name: "L5", value: 20)]),
      provenance: ExportProvenance(program: "p", dataset: "d", network: "n", precision: "float32", notes: []))
    let text = CanonicalJSON.text(description.json)
    #expect(text.contains(#""channels":[1,0]"#) && text.contains(#""shape":["N",2,6,32,16]"#))
    #expect(text.contains(#""normalise":"volume""#))
    #expect(text.contains("channels: files _0001, _0000 on one grid, each made ready by itself as follows"))
    #expect(PredictScript.text.contains(#"PIPELINE.get("channels", [0])"#))
  }

  @Test func theScriptIsShortAndTheDescriptionSaysWhatItDoes() throws {
    #expect(PredictScript.text.split(separator: "\n", omittingEmptySubsequences: false).count - 1 <= 130)
    let source = NetworkSource(run: "r", fold: 2, checkpoint: "best", epoch: 3, plan: "p", weights: "w")
    let description = PipelineDescription(
      models: [.init(file: "model.onnx", source: source)], preprocessing: Preprocessing(size: Extent3(6, 32, 16)),
      structures: LabelMap(structures: [.init(name: "L5", value: 20)]),
      provenance: ExportProvenance(
        program: "safnet 1", dataset: "d", network: "unet3d", precision: "float32", notes: ["fold 3 is left out"]))
    let text = CanonicalJSON.text(description.json)
    for part in [
      #""orientation":"RIP""#, #""size":[6,32,16]"#, #""crop":"halfWidth""#, #""depth":"padOrCrop""#,
      #""normalise":"volume""#, #""labels":[{"name":"background","value":0},{"name":"L5","value":20}]"#,
      #""file":"model.onnx""#, #""weights":"w""#, #""program":"safnet 1""#, "fold 3 is left out",
      #""shape":["N",1,6,32,16]"#,
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains(#""channels""#), "of one channel it is what it was")
    for key in ["models", "orientation", "size", "crop", "depth", "normalise", "labels", "input"] {
      #expect(PredictScript.text.contains("PIPELINE[\"\(key)\"]"), "\(key)")
    }
  }
}
