import Experiments
import Testing

/// Fields of networks that are set and change nothing, and variants that are one network by them.
@Suite struct IdleFieldsTests {
  func lines(_ more: String, variants: String = #"[{"name":"A"}]"#, set options: [String] = []) throws -> [String] {
    try ExperimentFolder(["x.json": experiment(more, variants: variants)]).load(set: options).unlikelyValues
  }

  @Test(arguments: [
    (
      #"{"aspp":false,"asppRates":[1,2]}"#,
      "asppRates: [1,2] has no effect, as model.aspp is false; leave it out, or set model.aspp to true"
    ),
    (
      #"{"multiscale":false,"fusionRates":[1,2]}"#,
      "fusionRates: [1,2] has no effect, as model.multiscale is false; leave it out, or set model.multiscale to true"
    ),
    (
      #"{"attention":false,"attentionReduction":4}"#,
      "attentionReduction: 4 has no effect, as model.attention is false; leave it out, or set model.attention to true"
    ),
    (
      #"{"attention":false,"splice":"gatedHigh"}"#,
      "splice: \"gatedHigh\" has no effect, as there is no gate without aspp, attention and multiscale; leave it out, or set"
        + " model.gate to true"
    ),
  ])
  func aFieldOfWhatIsOffIsNamed(model: String, words: String) throws {
    let shared = try lines("\"model\":\(model)")
    #expect(
      shared.count == 1 && shared[0].hasPrefix("x.json:4:") && shared[0].hasSuffix(": model.\(words)"), "\(shared)")
    let own = try lines("", variants: "[{\"name\":\"A\",\"model\":{\"kind\":\"safnet\",\(model.dropFirst())}]")
    #expect(own.count == 1 && own[0].hasSuffix(": variants[0].model.\(words)"), "\(own)")
  }

  @Test func anOptionIsNamedToo() throws {
    let found = try lines(#""model":{"kind":"safnet","aspp":false}"#, set: ["model.asppRates=[3]"])
    #expect(
      found == [
        "--set model.asppRates=[3]: model.asppRates: [3] has no effect, as model.aspp is false; leave it out, or set model.aspp to"
          + " true"
      ])
  }

  @Test func deepSupervisionOfOneStageIsNamed() throws {
    let found = try lines(
      #""preprocessing":{"size":[4,8,8]},"model":{"kind":"nnunet","deepSupervision":false}"#)
    #expect(
      found.count == 1
        && found[0].hasSuffix(
          "model.deepSupervision: false has no effect, as at 4x8x8 the decoder has no stage between its finest and its"
            + " lowest; leave it out"),
      "\(found)")
  }

  /// Of a field that all share, one variant's use is enough; the usual value says nothing; without a module its dilations are no
  /// matter.
  @Test(arguments: [
    (
      #""model":{"kind":"safnet","asppRates":[1,2]}"#,
      #"[{"name":"A","model":{"aspp":false}},{"name":"B"},{"name":"C","model":{"kind":"unet3d"}}]"#
    ),
    (#""model":{"kind":"safnet","aspp":false,"asppRates":[6,12,18]}"#, #"[{"name":"A"}]"#),
    (#""model":{"kind":"safnet","attention":false,"gate":true,"attentionReduction":4}"#, #"[{"name":"A"}]"#),
    (#""model":{"kind":"safnet","aspp":false,"splice":"plain"}"#, #"[{"name":"A"}]"#),
  ])
  func whatIsOfUseIsNotNamed(model: String, variants: String) throws {
    #expect(try lines(model, variants: variants).isEmpty)
  }

  /// The dilation would be beyond the features, and the module is off: it is told once.
  @Test func aFieldWithoutEffectIsNotToldOfForItsValue() throws {
    let found = try lines(#""model":{"kind":"safnet","aspp":false,"asppRates":[40]}"#)
    #expect(found.count == 1 && found[0].contains("has no effect"), "\(found)")
  }

  @Test func variantsOfOneNetworkAreNamedWithTheFieldTheCauseAndTheRemedy() throws {
    let variants =
      #"[{"name":"A","model":{"aspp":false}},{"name":"B","model":{"aspp":false,"asppRates":[1,2]}},"#
      + #"{"name":"C","model":{"aspp":false,"asppRates":[3]}},{"name":"D"}]"#
    let found = try lines(#""model":{"kind":"safnet"}"#, variants: variants).filter { $0.contains("same network") }
    #expect(
      found == [
        #"x.json:3:49: variants[1]: "B", "C" are the same network as "A", trained alike, and would be trained for the same scores once"#
          + " more: they differ in asppRates alone, which changes nothing (asppRates has no effect, as model.aspp is false); set"
          + " model.aspp to true, or take one of them out"
      ])
  }

  /// No switch, but a limit that no layer reaches: 32 channels at 64 voxels, 512 at 4.
  @Test func variantsWhoseLayersAreTheSameAreNamedWithoutASwitch() throws {
    func found(_ most: Int) throws -> [String] {
      try lines(
        #""preprocessing":{"size":[16,64,64]},"model":{"kind":"nnunet","mostFeatures":512}"#,
        variants: "[{\"name\":\"A\"},{\"name\":\"B\",\"model\":{\"mostFeatures\":\(most)}}]")
    }
    let same = try found(1024)
    #expect(
      same.count == 1
        && same[0].hasSuffix(
          #": variants[1]: "B" is the same network as "A", trained alike, and would be trained for the same scores once more: they"#
            + " differ in mostFeatures alone, which changes no layer at this size; take one of them out"),
      "\(same)")
    #expect(try found(256).isEmpty)
  }

  @Test func aGridWhoseValuesChangeNothingIsNamed() throws {
    let grid = #""model":{"kind":"safnet","aspp":false},"grid":{"model.asppRates":[[1],[2]]}"#
    let found = try lines(grid).filter { $0.contains("same network") }
    #expect(found.count == 1 && found[0].contains("asppRates has no effect, as model.aspp is false"), "\(found)")
  }

  /// Other seeds are other runs, another training is another run, another network too.
  @Test(arguments: [
    #"[{"name":"A","seeds":[1]},{"name":"B","seeds":[2],"model":{"splice":"plain"}}]"#,
    #"[{"name":"A"},{"name":"B","training":{"epochs":3}}]"#,
    #"[{"name":"A"},{"name":"B","model":{"asppRates":[1,2]}}]"#,
    #"[{"name":"A","model":{"kind":"unet3d"}},{"name":"B","model":{"kind":"resunet3d"}}]"#,
  ])
  func variantsThatDifferAreNotNamed(variants: String) throws {
    #expect(try lines("", variants: variants).filter { $0.contains("same network") }.isEmpty)
  }
}
