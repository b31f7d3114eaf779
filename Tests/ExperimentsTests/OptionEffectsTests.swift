import Testing

import Experiments
import JSON

/// `--set` of what variants say themselves.
@Suite struct OptionEffectsTests {
  static let variants = #"""
    [{"name":"SAFNet A","model":{"width":8}},{"name":"SAFNet B","model":{"width":24}},
     {"name":"C","model":{"kind":"unet3d"},"training":{"batch":2}}]
    """#

  func lines(
    _ options: String..., variants: String = Self.variants,
    more: String = #""training":{"epochs":9}"#
  ) throws -> [String] {
    let folder = try ExperimentFolder(["x.json": experiment(more, variants: variants)])
    return try folder.load(set: options).unlikelyValues
  }

  @Test func oneThatHoldsForNoVariantIsNamedWithTheWayThatDoes() throws {
    let variants = #"[{"name":"SAFNet A","model":{"width":8}},{"name":"SAFNet B","model":{"width":24}}]"#
    #expect(
      try lines("model.width=32", variants: variants) == [
        "--set model.width=32: model.width: this holds for no variant: SAFNet A, SAFNet B say it themselves; to change it"
          + " there too: --set 'variants.SAFNet A.model.width=32'"
      ])
    // The advice does what it says.
    let folder = try ExperimentFolder(["x.json": experiment(variants: variants)])
    let advised = try folder.load(set: ["variants.SAFNet A.model.width=32"])
    #expect(advised.variants[0].model.json["width"] == 32 && advised.idleCount == 0)
  }

  @Test func oneThatHoldsForSomeSaysForWhich() throws {
    #expect(
      try lines("training.batch=4") == [
        "--set training.batch=4: training.batch: this holds for SAFNet A, SAFNet B only: C says it itself; to change it there"
          + " too: --set variants.C.training.batch=4"
      ])
  }

  @Test func aNetworkOfAnotherKindDoesNotTakeIt() throws {
    let variants = #"[{"name":"SAFNet"},{"name":"C","model":{"kind":"unet3d"}}]"#
    let found = try lines("model.aspp=false", variants: variants)
    #expect(
      found == [
        "--set model.aspp=false: model.aspp: this holds for SAFNet only: C is of another kind, which starts from its own"
          + " defaults"
      ])
  }

  @Test func aGridHasTheLastWord() throws {
    let found = try lines(
      "training.learningRate=0.01", variants: #"[{"name":"SAFNet"}]"#,
      more: #""grid":{"training.learningRate":[1e-3,3e-4]}"#)
    #expect(
      found == [
        "--set training.learningRate=0.01: training.learningRate: this holds for no variant: SAFNet has it from a grid"
      ])
  }

  /// The same in a file, where nobody gives an option: one that every variant says itself, and one of no variant's network.
  @Test(arguments: [
    (
      #""training":{"epochs":100,"batch":2}"#, #"[{"name":"SAFNet","training":{"epochs":2}}]"#,
      "training.epochs: this holds for no variant: SAFNet says it itself; take it out here, or there"
    ),
    (
      #""training":{"loss":{"kind":"dice","over":"batch"}}"#, #"[{"name":"SAFNet","training":{"loss":"dice"}}]"#,
      "training.loss: this holds for no variant: SAFNet says it itself; take it out here, or there"
    ),
    (
      #""model":{"width":64}"#,
      #"[{"name":"SAFNet","model":{"kind":"safnet","width":8}},{"name":"UNet","model":{"kind":"unet3d"}}]"#,
      "model.width: this holds for no variant: SAFNet says it itself; UNet is of another kind, which starts from its own"
        + " defaults; take it out here, or there"
    ),
  ])
  func aValueOfTheFileThatHoldsForNoVariantIsNamed(more: String, variants: String, words: String) throws {
    let found = try lines(variants: variants, more: more)
    #expect(found.count == 1 && found[0].hasPrefix("x.json:4:") && found[0].hasSuffix(words), "\(found)")
    // What one variant takes is meant for that one.
    let another = variants.dropLast() + #",{"name":"SAFNet B"}]"#
    #expect(try lines(variants: String(another), more: more).isEmpty)
  }

  /// A network that another file or variant names for itself, and what variants say alike.
  @Test func whatIsNoMistakeInAFileIsNotNamed() throws {
    let variants = #"[{"name":"UNet","model":{"kind":"unet3d"},"training":{"batch":2}}]"#
    #expect(try lines(variants: variants, more: #""model":{"kind":"safnet"},"training":{"batch":2}"#).isEmpty)
  }

  /// What holds everywhere, what is said for one variant by another option, and what variants say alike.
  @Test(arguments: [
    ["training.epochs=3"], ["training.batch=4", "variants.C.training.batch=2"], ["training.batch=2"], ["folds.count=4"],
    ["training.epochs=null"], ["seeds=[1,2]"],
  ])
  func nothingIsSaidWhereAllIsAsItWasMeant(options: [String]) throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(#""training":{"epochs":9}"#, variants: Self.variants)
    ])
    #expect(try folder.load(set: options).unlikelyValues.isEmpty)
  }
}

extension Specification {
  fileprivate var idleCount: Int { unlikelyValues.count { $0.hasPrefix("--set") } }
}
