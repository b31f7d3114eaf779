import CPU
import Compute
import Experiments
import Foundation
import Models
import Networks
import Testing

@Suite struct ModelFormTests {
  func read(_ text: String, shared: String = #"{"kind":"safnet"}"#) throws -> ModelConfiguration {
    let variants = #"[{"name":"A","model":\#(text)}]"#
    return try ExperimentFolder(["x.json": experiment("\"model\":\(shared)", variants: variants)]).load().variants[0]
      .model
  }

  @Test(arguments: ModelConfiguration.Kind.allCases) func aKindAloneIsItsStandard(kind: ModelConfiguration.Kind) throws
  {
    #expect(try read("{\"kind\":\"\(kind.rawValue)\"}") == .standard(kind))
    #expect(ModelConfiguration.standard(kind).problems.isEmpty)
  }

  /// The forms write every field that the models' own coding knows, under the same names.
  @Test(arguments: ModelConfiguration.Kind.allCases) func noFieldIsForgotten(kind: ModelConfiguration.Kind) throws {
    let model = ModelConfiguration.standard(kind).resolved
    let encoded = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(model))
    #expect(ModelConfiguration.form.write(model) == encoded)
  }

  @Test func fieldsReachTheirModels() throws {
    var unet = UNetConfiguration()
    unet.levels = [[4, 8], [8, 16]]
    #expect(try read(#"{"kind":"unet3d","levels":[[4,8],[8,16]]}"#) == .unet3d(unet))
    var deeplab = DeepLabV3.Configuration()
    (deeplab.stem, deeplab.stages, deeplab.blocks, deeplab.low) = (4, [4, 8], [1, 2], 6)
    #expect(try read(#"{"kind":"deeplabv3","stem":4,"stages":[4,8],"blocks":[1,2],"low":6}"#) == .deeplabv3(deeplab))
    var cfnet = CFNet.Configuration()
    (cfnet.stages, cfnet.layerScale) = (2, 0.1)
    #expect(try read(#"{"kind":"cfnet","stages":2,"layerScale":0.1}"#) == .cfnet(cfnet))
    #expect(ModelConfiguration.form.write(.cfnet(cfnet))?["layerScale"] == 0.1, "not 0.10000000149011612")
  }

  @Test func anotherKindForgetsWhatTheSharedOneSaid() throws {
    #expect(try read(#"{"kind":"cfnet"}"#, shared: #"{"kind":"safnet","width":16}"#) == .standard(.cfnet))
    #expect(try read("{}", shared: #"{"kind":"cfnet"}"#) == .standard(.cfnet))
  }

  @Test func rulesBetweenFieldsNameTheirField() throws {
    let variants = #"[{"name":"A","model":{"kind":"cfnet","blocks":[1,2]}}]"#
    #expect(
      try ExperimentFolder(["x.json": experiment(variants: variants)]).mistakes() == [
        "x.json:3:58: variants[0].model.blocks: found [1,2], must be one positive number per width"
      ])
    let small = experiment(
      #""preprocessing":{"size":[4,15,64]}"#, variants: #"[{"name":"A","model":{"kind":"deeplabv3"}}]"#)
    #expect(
      try ExperimentFolder(["x.json": small]).mistakes() == [
        "x.json:4:25: preprocessing.size: 4x15x64 is too small for the strides of deeplabv3; take at least 1x16x16"
      ])
  }

  /// At the smallest size that is allowed, every network can be built; half of it is refused.
  @Test(arguments: ModelConfiguration.Kind.allCases) func theSmallestSizeIsANetwork(kind: ModelConfiguration.Kind) {
    let model = ModelConfiguration.standard(kind)
    let least = model.leastSize
    let cost = CPUEngine().cost(
      of: SessionRequest(model: model, extent: least, classes: 3, trainingBatches: [2], threads: 2))
    #expect(cost.multiplyAdds > 0 && least.height >= 8)
    #expect(model.slug == (kind == .safnet ? "safnet" : kind.rawValue))
    #expect(model.components.isEmpty == (kind != .safnet))
  }
}
