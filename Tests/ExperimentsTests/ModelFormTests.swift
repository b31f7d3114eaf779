import CPU
import Compute
import Experiments
import JSON
import Foundation
import Models
import Networks
import Testing

@Suite struct ModelFormTests {
  func read(_ text: String, shared: String = #"{"kind":"safnet"}"#) throws -> ModelConfiguration {
    let variants = #"[{"name":"A","model":\#(text)}]"#
    // A size that the strides of every network divide.
    let body = #""preprocessing":{"size":[20,256,128]},"model":\#(shared)"#
    return try ExperimentFolder(["x.json": experiment(body, variants: variants)]).load().variants[0].model
  }

  @Test(arguments: NetworkRegistry.standard.kinds) func aKindAloneIsItsStandard(kind: String) throws {
    let standard = try #require(NetworkRegistry.standard.model(kind))
    #expect(try read("{\"kind\":\"\(kind)\"}") == standard)
    #expect(standard.problems.isEmpty)
  }

  @Test func fieldsReachTheirModels() throws {
    var unet = UNet3D()
    unet.levels = [[4, 8], [8, 16]]
    #expect(try read(#"{"kind":"unet3d","levels":[[4,8],[8,16]]}"#) == ModelConfiguration(unet))
    var deeplab = DeepLabV3()
    (deeplab.stem, deeplab.stages, deeplab.blocks, deeplab.low) = (4, [4, 8], [1, 2], 6)
    #expect(
      try read(#"{"kind":"deeplabv3","stem":4,"stages":[4,8],"blocks":[1,2],"low":6}"#) == ModelConfiguration(deeplab))
    var cfnet = CFNet()
    (cfnet.stages, cfnet.layerScale) = (2, 0.1)
    #expect(try read(#"{"kind":"cfnet","stages":2,"layerScale":0.1}"#) == ModelConfiguration(cfnet))
    #expect(ModelConfiguration(cfnet).json["layerScale"] == 0.1, "not 0.10000000149011612")
  }

  @Test func anotherKindForgetsWhatTheSharedOneSaid() throws {
    #expect(try read(#"{"kind":"cfnet"}"#, shared: #"{"kind":"safnet","width":16}"#) == ModelConfiguration(CFNet()))
    #expect(try read("{}", shared: #"{"kind":"cfnet"}"#) == ModelConfiguration(CFNet()))
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
        "x.json:4:25: preprocessing.size: 4x15x64 (D x H x W: slices, rows, columns) is too small for the strides of deeplabv3; take at least 1x16x16"
      ])
  }

  /// At the smallest size that is allowed, every network can be built; half of it is refused.
  @Test(arguments: NetworkRegistry.standard.kinds) func theSmallestSizeIsANetwork(kind: String) throws {
    let model = try #require(NetworkRegistry.standard.model(kind))
    let least = model.leastSize
    let cost = CPUEngine().cost(
      of: SessionRequest(model: model, extent: least, classes: 3, trainingBatches: [2], threads: 2))
    #expect(cost.multiplyAdds > 0 && least.height >= 8)
    #expect(model.slug == kind)
    #expect(model.components.isEmpty == (kind != SAFNet.kind))
  }
}
