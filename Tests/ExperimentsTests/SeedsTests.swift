import Testing

import Experiments

@Suite struct SeedsTests {
  private func mistakes(
    _ more: String = "", variants: String = #"[{"name":"SAFNet"}]"#, set: [String] = [], base: String? = nil
  ) throws -> [String] {
    let extending = base == nil ? "" : #""extends":"base.json","#
    let text = "{" + extending + experiment(more, variants: variants).dropFirst()
    return try ExperimentFolder(["x.json": text, "base.json": base ?? "{}"]).mistakes(set: set)
  }

  private func seeds(
    _ more: String, variants: String = #"[{"name":"SAFNet"}]"#, set: [String] = []
  ) throws -> [[UInt64]] {
    try ExperimentFolder(["x.json": experiment(more, variants: variants)]).load(set: set).variants.map(\.seeds)
  }

  static let two = #"[{"name":"A"},{"name":"B","model":{"aspp":false}}]"#

  @Test func withoutSeedsThereIsTheTrainingsOwn() throws {
    #expect(try seeds("") == [[2023]])
    #expect(try seeds(#""training":{"seed":5}"#) == [[5]])
    let own = #"[{"name":"A","training":{"seed":5}},{"name":"B"}]"#
    #expect(try seeds("", variants: own) == [[5], [2023]])
  }

  @Test func seedsAreOfEveryVariantOrItsOwn() throws {
    #expect(try seeds(#""seeds":[7,2023]"#, variants: Self.two) == [[7, 2023], [7, 2023]])
    let own = #"[{"name":"A"},{"name":"B","model":{"aspp":false},"seeds":[9]}]"#
    #expect(try seeds(#""seeds":[7,2023]"#, variants: own) == [[7, 2023], [9]])
    #expect(try seeds("", variants: own) == [[2023], [9]])
    #expect(try seeds("", set: ["seeds=[1,2]"]) == [[1, 2]])
    #expect(try seeds(#""seeds":[1,2]"#, set: ["seeds=null"]) == [[2023]])
  }

  @Test func allOfTheFirstSeedComesBeforeTheSecond() throws {
    let own = #"[{"name":"A"},{"name":"B","model":{"aspp":false},"seeds":[9]}]"#
    let text = experiment(#""seeds":[7,8]"#, variants: own)
    let trained = try ExperimentFolder(["x.json": text]).load().seededVariants
    #expect(trained.map { "\($0.variant.name) \($0.seed)" } == ["A 7", "B 9", "A 8"])
    #expect(trained.map(\.training.seed) == [7, 9, 8] && trained.map(\.isOneOfSeveral) == [true, false, true])
  }

  /// One mistake each, with its place.
  @Test func mistakenSeedsAreSaidOnce() throws {
    #expect(
      try mistakes(#""seeds":[1,2,1]"#) == ["x.json:4:14: seeds[2]: found 1 again; once is enough"])
    #expect(try mistakes(#""seeds":[]"#) == ["x.json:4:9: seeds: found 0 elements, expected 1 to 1000"])
    #expect(
      try mistakes(#""seeds":[-1]"#) == ["x.json:4:10: seeds[0]: found -1, allowed: 0 to 9007199254740991"])
    #expect(try mistakes(#""seeds":2024"#) == ["x.json:4:9: seeds: found 2024, expected a list; write [2024]"])
    #expect(try mistakes(#""seeds":[1.5]"#) == ["x.json:4:10: seeds[0]: found 1.5, expected a whole number"])
    #expect(
      try mistakes(variants: #"[{"name":"A","seeds":[2,2]}]"#)
        == ["x.json:3:36: variants[0].seeds[1]: found 2 again; once is enough"])
    #expect(
      try mistakes(#""seed":[1]"#)[0].hasPrefix("x.json:4:1: seed: unknown key, did you mean seeds or "))
  }

  static let both = ": seeds takes the place of this seed, and both are written; take one of the two out. "

  @Test func aSeedBesideSeedsIsAConflict() throws {
    let alone = "To train with 5 alone, write \"seeds\": [5] and no other"
    #expect(
      try mistakes(#""seeds":[1,2],"training":{"seed":5}"#)
        == ["x.json:4:34: training.seed" + Self.both + alone])
    // Whoever gives a seed last would not get it.
    #expect(
      try mistakes(#""seeds":[1,2]"#, set: ["training.seed=5"])
        == ["--set training.seed=5: training.seed" + Self.both + alone])
    #expect(
      try mistakes(#""seeds":[1,2]"#, variants: #"[{"name":"A","training":{"seed":5}}]"#)
        == ["x.json:3:44: variants[0].training.seed" + Self.both + alone])
    #expect(
      try mistakes(variants: #"[{"name":"A","training":{"seed":5},"seeds":[1]}]"#)[0]
        .contains("variants[0].training.seed: variants[0].seeds takes the place of this seed"))
    #expect(try mistakes(#""training":{"seed":5}"#, base: #"{"seeds":[1,2]}"#).count == 1)
  }

  @Test func seedsReplaceTheSeedOfWhatTheyExtend() throws {
    #expect(try mistakes(#""seeds":[1,2]"#, base: #"{"training":{"seed":5}}"#).isEmpty)
    #expect(try mistakes(#""training":{"seed":5}"#, set: ["seeds=[1,2]"]).isEmpty)
    #expect(try mistakes(#""training":{"seed":5}"#, variants: #"[{"name":"A","seeds":[1,2]}]"#).isEmpty)
    #expect(try mistakes(#""seeds":null,"training":{"seed":5}"#, base: #"{"seeds":[1,2]}"#).isEmpty)
  }

  @Test func twoVariantsDoNotShareRuns() throws {
    func conflict(_ first: String, _ second: String) throws -> Bool {
      let variants = #"[{"name":"A","seeds":\#(first)},{"name":"B","seeds":\#(second)}]"#
      return try mistakes(variants: variants).contains { $0.contains("the same model and training as \"A\"") }
    }
    #expect(try conflict("[1,2]", "[2,1]") && conflict("[1,2]", "[2,3]"))
    #expect(try !conflict("[1,2]", "[3,4]"))
  }
}
