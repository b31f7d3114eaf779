import JSON
import Models
import Testing

import Experiments

@Suite struct GridTests {
  private func load(
    _ more: String, variants: String = #"[{"name":"SAFNet"}]"#, set: [String] = []
  ) throws -> Specification {
    try ExperimentFolder(["x.json": experiment(more, variants: variants)]).load(set: set)
  }

  private func mistakes(
    _ more: String, variants: String = #"[{"name":"SAFNet"}]"#, set: [String] = []
  ) throws -> [String] {
    try ExperimentFolder(["x.json": experiment(more, variants: variants)]).mistakes(set: set)
  }

  static let two = #"[{"name":"SAFNet"},{"name":"Base","model":{"aspp":false}}]"#
  static let grid = #""grid":{"training.learningRate":[1e-3,3e-4],"model.width":[32,64]}"#

  @Test func everyCombinationIsAVariantWithAReadableName() throws {
    let variants = try load(Self.grid, variants: Self.two).variants
    #expect(
      variants.map(\.name) == [
        "SAFNet, learningRate 1e-3, width 32", "SAFNet, learningRate 1e-3, width 64",
        "SAFNet, learningRate 3e-4, width 32", "SAFNet, learningRate 3e-4, width 64",
        "Base, learningRate 1e-3, width 32", "Base, learningRate 1e-3, width 64",
        "Base, learningRate 3e-4, width 32", "Base, learningRate 3e-4, width 64",
      ])
    #expect(variants.map(\.training.learningRate) == [1e-3, 1e-3, 3e-4, 3e-4, 1e-3, 1e-3, 3e-4, 3e-4])
    #expect(variants.map { $0.model.json["width"] } == [32, 64, 32, 64, 32, 64, 32, 64])
    #expect(variants.map { $0.model.json["aspp"] } == [true, true, true, true, false, false, false, false])
  }

  /// The runs of a grid are those of variants that are written out.
  @Test func aVariantOfAGridIsTheOneThatSomebodyWroteOut() throws {
    let written = try load(
      "", variants: #"[{"name":"a","model":{"width":64},"training":{"learningRate":3e-4},"seeds":[1,2]}]"#)
    let expanded = try load(Self.grid + #","seeds":[1,2]"#).variants[3]
    #expect(expanded.model == written.variants[0].model && expanded.training == written.variants[0].training)
    #expect(expanded.seeds == [1, 2])
  }

  @Test func aVariantsOwnGridTakesThePlaceOfTheExperiments() throws {
    let variants = #"[{"name":"A"},{"name":"B","grid":{"training.batch":[2,4]}}]"#
    #expect(
      try load(#""grid":{"model":{"width":[32,64]}}"#, variants: variants).variants.map(\.name)
        == ["A, width 32", "A, width 64", "B, batch 2", "B, batch 4"])
    #expect(
      try load("", set: ["grid.training.batch=[2,4]"]).variants.map(\.name) == ["SAFNet, batch 2", "SAFNet, batch 4"])
    #expect(try load(Self.grid, set: ["grid=null"]).variants.map(\.name) == ["SAFNet"])
  }

  /// A field of one network only: the grid belongs to the variants that have it, and the advice does what it says.
  @Test func aFieldThatOneNetworkLacksSendsTheGridToTheOthers() throws {
    let variants = #"[{"name":"UNet","model":{"kind":"unet3d"}},{"name":"SAFNet","model":{"kind":"safnet"}}]"#
    let words = "UNet (unet3d) has no width; write the grid into the variant SAFNet, as "
    let option = try mistakes("", variants: variants, set: [#"grid={"model.width":[8,16]}"#])
    let advice = #"variants[1].grid={"model.width":[8,16]}"#
    #expect(option.count == 1 && option[0].hasSuffix(words + "--set '\(advice)' does for SAFNet"), "\(option)")
    #expect(
      try load("", variants: variants, set: [advice]).variants.map(\.name)
        == ["UNet", "SAFNet, width 8", "SAFNet, width 16"])
    let file = try mistakes(#""grid":{"model.width":[8,16]}"#, variants: variants)
    #expect(file.count == 1 && file[0].hasSuffix(words + #""grid": {"model.width":[8,16]} beside its name"#), "\(file)")
    // A name that no network has is another mistake.
    #expect(
      try mistakes(#""grid":{"model.widht":[8,16]}"#, variants: variants).allSatisfy { $0.contains("unknown key") })
  }

  @Test func namesSayAsMuchOfThePathAsTellsItApart() throws {
    let grid = #""grid":{"training.schedule.factor":[0.5],"training.loss":["dice",{"kind":"dice","over":"batch"}]}"#
    #expect(
      try load(grid).variants.map(\.name) == [
        "SAFNet, factor 0.5, loss dice", #"SAFNet, factor 0.5, loss {"kind":"dice","over":"batch"}"#,
      ])
    let paths: [JSONPath] = ["training.schedule.factor", "model.factor", "training.batch"]
    #expect(FieldLabel.labels(of: paths) == ["schedule.factor", "model.factor", "batch"])
  }

  @Test(arguments: [
    (0.001, "1e-3"), (0.0003, "3e-4"), (0.5, "0.5"), (0.05, "0.05"), (0.00125, "0.00125"), (32, "32"), (1000, "1000"),
    (1_000_000, "1e6"), (1e-9, "1e-9"), (-0.0003, "-3e-4"), (0, "0"), (2023, "2023"), (0.000012, "1.2e-5"),
  ]) func numbersAreShownShort(number: Double, text: String) {
    #expect(FieldLabel.text(.number(number)) == text)
  }

  @Test func theBaselineMayBeAVariantOfAGrid() throws {
    let name = "SAFNet, learningRate 3e-4, width 64"
    #expect(try load(Self.grid + #","report":{"baseline":"\#(name)"}"#).baseline == name)
    #expect(
      try mistakes(Self.grid + #","report":{"baseline":"SAFNet"}"#)[0]
        .contains(
          "no variant is named \"SAFNet\", did you mean \"SAFNet, learningRate 1e-3, width 32\"?; there are \"SAFNet, l"
        ))
  }

  /// One mistake each, with file, place and field.
  @Test(arguments: [
    (#""grid":{}"#, "x.json:4:8: grid: an empty grid makes no variants; name a field and its values"),
    (#""grid":[1]"#, "x.json:4:8: grid: found [1], expected an object of fields and lists of values"),
    // In a file null says no more than that.
    (
      #""grid":"none""#,
      #"x.json:4:8: grid: found "none", expected an object of fields and lists of values; leave the field out"#
    ),
    (
      #""grid":false"#,
      "x.json:4:8: grid: found false, expected an object of fields and lists of values; leave the field out"
    ),
    (#""grid":{"model.width":[]}"#, #"x.json:4:23: grid["model.width"]: found 0 elements, expected 1 to 1000"#),
    (
      #""grid":{"model.width":32}"#,
      #"x.json:4:23: grid["model.width"]: found 32, expected a list of values; write [32]"#
    ),
    (
      #""grid":{"model.width":"32"}"#,
      #"x.json:4:23: grid["model.width"]: found "32", expected a list of values; write [32]"#
    ),
    (#""grid":{"model.width":null}"#, #"x.json:4:23: grid["model.width"]: found null, expected a list of values"#),
    (
      #""grid":{"training.learningRate":[1e-3,0.001]}"#,
      #"x.json:4:39: grid["training.learningRate"][1]: found 0.001 again; once is enough"#
    ),
    (#""grid":{"model.width":[null]}"#, #"x.json:4:24: grid["model.width"][0]: found null, expected a value"#),
    (
      #""grid":{"training.seed":[1,2]}"#,
      #"x.json:4:9: grid["training.seed"]: seeds are no part of a grid; write "seeds" beside it"#
    ),
    (#""grid":{"seeds":[1,2]}"#, #"x.json:4:9: grid.seeds: seeds are no part of a grid; write "seeds" beside it"#),
    (
      #""grid":{"folds.count":[2,3]}"#,
      #"x.json:4:9: grid["folds.count"]: folds is the same for all variants; a grid is over fields of model and training"#
    ),
    (#""grid":{"name":["a","b"]}"#, "x.json:4:9: grid.name: variants of a grid take their names from its values"),
    (
      #""grid":{"learningRate":[1,2]}"#,
      "x.json:4:9: grid.learningRate: no field of model or training, did you mean training.learningRate?"
    ),
    (
      #""grid":{"training.schedule":[{"factor":0.5},{"factor":0.2}]}"#,
      #"x.json:4:9: grid["training.schedule"]: training.schedule is not one field but has 4: take "training.schedule.factor","#
        + #" "training.schedule.patience", "training.schedule.threshold" or "training.schedule.minimum""#
    ),
    (
      #""grid":{"training.batch.size":[1,2]}"#,
      #"x.json:4:9: grid["training.batch.size"]: training.batch has no fields of its own"#
    ),
    (
      #""grid":{"model.width":[32],"model":{"width":[64]}}"#,
      "x.json:4:37: grid.model.width: found model.width again; once is enough"
    ),
  ]) func mistakenGridsAreSaidOnce(grid: String, words: String) throws {
    #expect(try mistakes(grid, variants: Self.two) == [words])
  }

  @Test func unknownFieldsAndBadValuesAreSaidOnceForAllCombinations() throws {
    let unknown = try mistakes(#""grid":{"model.widht":[32,64],"training.batch":[1,2]}"#, variants: Self.two)
    #expect(unknown.count == 1)
    #expect(
      unknown[0].hasPrefix(
        #"x.json:4:9: grid["model.widht"]: unknown key, did you mean model.width?; known here: model.kind"#))
    #expect(
      try mistakes(#""grid":{"training.learningRate":[1e-3,-1],"model.width":[32,64]}"#)
        == ["x.json:4:39: grid.training.learningRate: found -1, allowed: above 0"])
    // What is wrong between values stands where the grid says it.
    let model = try mistakes(#""grid":{"model.width":[32,30],"training.batch":[1,2]}"#)
    #expect(model.count == 1 && model[0].hasPrefix(#"x.json:4:23: grid["model.width"]: found 30, must be"#))
  }

  /// As the grid has its fields: by their whole paths, or in the objects that they are of; beside all other mistakes.
  @Test(arguments: [
    (#"{"training.learning_rate":[0.1]}"#, #"grid["training.learning_rate"]"#, "training.learningRate"),
    (#"{"training.lr":[0.1]}"#, #"grid["training.lr"]"#, "training.learningRate"),
    (#"{"training":{"learning_rate":[0.1]}}"#, "grid.training.learning_rate", "learningRate"),
  ])
  func aFieldUnderAnotherNameIsToldAsTheGridHasIt(grid: String, place: String, name: String) throws {
    let found = try mistakes("\"grid\":\(grid),\"folds\":{\"count\":0}")
    #expect(
      found.count == 2 && found[0].contains("\(place): unknown key, did you mean \(name)?;")
        && found[1].contains("folds.count: found 0"), "\(found)")
  }

  @Test func everyMistakeOfAGridIsSaidAtOnce() throws {
    let found = try mistakes(#""grid":{"learningRate":[1,2],"training.lr":[0.1],"training.batch":[0]}"#)
    #expect(
      found.count == 3 && found[0].contains("no field of model or training, did you mean training.learningRate?")
        && found[1].contains("unknown key, did you mean training.learningRate?")
        && found[2].contains("grid.training.batch: found 0, allowed: "), "\(found)")
  }

  @Test func aGridIsNoLargerThanAnExperiment() throws {
    let numbers = (1...40).map { "\($0)" }.joined(separator: ",")
    let grid = #""grid":{"training.batch":[\#(numbers)],"training.epochs":[\#(numbers)]}"#
    #expect(
      try mistakes(grid) == [
        "x.json:4:8: grid: 1600 combinations of values, more than the 1000 variants that there may be"
      ])
  }

  @Test func whatAlreadyIsAVariantIsSaid() throws {
    let variants = #"[{"name":"SAFNet"},{"name":"Wide","model":{"width":64},"grid":{"training.batch":[8]}}]"#
    #expect(
      try mistakes(#""grid":{"model.width":[32,64]}"#, variants: variants)
        == [
          #"x.json:3:31: variants[1]: the same model and training as "SAFNet, width 64"; change one of the two or take it out"#
        ])
  }
}

@Suite struct DifferingFieldsTests {
  /// `width: 32 64`, with a dash for a network that has no such field.
  private func fields(_ more: String, _ variants: String) throws -> [String] {
    let found = try ExperimentFolder(["x.json": experiment(more, variants: variants)]).load().differingFields
    return found.map { "\($0.label): " + $0.values.map { $0 ?? "-" }.joined(separator: " ") }
  }

  @Test func onlyWhatDiffersIsAColumn() throws {
    #expect(try fields("", #"[{"name":"SAFNet"}]"#).isEmpty)
    let grid = #""grid":{"model.width":[32,64],"training.learningRate":[1e-3,3e-4]}"#
    #expect(try fields(grid, #"[{"name":"A"}]"#) == ["width: 32 32 64 64", "learningRate: 1e-3 3e-4 1e-3 3e-4"])
  }

  /// Modules have ticks, and networks of different kinds have names.
  @Test func modulesAndKindsAreNoColumns() throws {
    #expect(try fields("", #"[{"name":"A"},{"name":"B","model":{"aspp":false}}]"#).isEmpty)
    let kinds = """
      [{"name":"A"},{"name":"U","model":{"kind":"unet3d"},"training":{"loss":"dice"}},
      {"name":"B","model":{"width":64}}]
      """
    #expect(try fields("", kinds) == ["width: 128 - 64", "loss: pixelwise dice pixelwise"])
  }

  @Test func seedsAreNoColumn() throws {
    #expect(try fields("", #"[{"name":"A","seeds":[1,2]},{"name":"B","seeds":[3]}]"#).isEmpty)
  }
}
