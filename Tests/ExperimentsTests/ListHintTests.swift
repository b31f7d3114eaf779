import Testing

import Experiments

/// What is said of a value in the place of a list, or with signs that JSON's numbers have not.
@Suite struct ListHintTests {
  private let folder: ExperimentFolder

  init() throws { folder = try ExperimentFolder(["x.json": experiment(#""augmentation":false"#)]) }

  /// A comma before three digits of a whole number divides thousands.
  @Test(arguments: [
    ("training.epochs=1,000", "a whole number; digits stand without signs between: write 1000"),
    ("training.epochs=1,000,000", "a whole number; digits stand without signs between: write 1000000"),
    ("training.epochs=1_000", "a whole number; digits stand without signs between: write 1000"),
    ("training.epochs=1,5", "a whole number; several are tried by a grid: write --set 'grid.training.epochs=[1,5]'"),
    ("training.epochs=0,001", "a whole number"),
    ("training.learningRate=1,000,000", "a number; digits stand without signs between: write 1000000"),
    ("training.learningRate=0,001", "a number; decimals have a point: write 0.001"),
    (
      "training.learningRate=1,500",
      "a number; digits stand without signs between, 1500, and decimals have a point, 1.500"
    ),
    // What would be refused in its turn is not proposed.
    ("training.epochs=-1,000", "a whole number"), ("training.weightDecay=-1,500", "a number"),
  ])
  func aCommaInANumberIsToldByWhatItMeans(option: String, words: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(words)"), "\(mistakes)")
  }

  /// With an exponent, and as JSON does not write numbers.
  @Test(arguments: [
    ("training.learningRate=1,0e-4", "decimals have a point: write 1.0e-4"),
    ("training.weightDecay=5,5e-4", "decimals have a point: write 5.5e-4"),
    ("training.weightDecay=[1,0e-4]", "decimals have a point: write 1.0e-4"),
    ("training.learningRate=.01", "write 0.01"), ("training.learningRate=1.e-3", "write 0.001"),
    ("training.learningRate=+0.01", "write 0.01"), ("training.learningRate=01", "write 1"),
  ])
  func aNumberInAnotherSpellingIsTold(option: String, words: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected a number; \(words)"), "\(mistakes)")
  }

  /// Decimals with commas as elements of a list; what they are with points is told where it may stand there.
  @Test(arguments: [
    (
      "report.tolerances=[1,5,2,5]",
      "found 5 again; once is enough; decimals have a point: write --set 'report.tolerances=[1.5,2.5]'"
    ),
    (
      "report.tolerances=[0,5]",
      "found 0, allowed: above 0; decimals have a point: write --set 'report.tolerances=[0.5]'"
    ),
    ("report.tolerances=[1, 1]", "found 1 again; once is enough"),
    ("grid.training.learningRate=[0,5]", "found 0, allowed: above 0; decimals have a point: write [0.5]"),
    ("grid.training.learningRate=[1,0e-4]", "found 0, allowed: above 0; decimals have a point: write [1.0e-4]"),
    (
      "grid.training.learningRate=0,01",
      "a list of values; decimals have a point: write --set 'grid.training.learningRate=[0.01]'"
    ),
    ("preprocessing.spacing=[3,1,5,1,5]", "; a comma divides elements, and decimals have a point, as 1.5"),
    ("preprocessing.size=[18,96,48,2]", "expected 3: slices, rows and columns"),
    ("seeds=[1,2,1]", "found 1 again; once is enough"),
  ])
  func decimalsWithCommasInAList(option: String, words: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(words), "\(mistakes)")
  }

  @Test(arguments: [("seeds=2,023", #""023""#), ("preprocessing.size=18,big,48", #""big""#)])
  func noTextIsProposedAmongNumbers(option: String, text: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].contains(", expected a list"), "\(mistakes)")
    #expect(mistakes.first?.contains(text) == false, "\(mistakes)")
  }

  /// Commas within the numbers of a list: of thousands where they are whole, else of decimals. Where a comma may divide
  /// the list too, both are told.
  @Test(arguments: [
    ("seeds=2,023", "; write --set 'seeds=[2023]'"), ("seeds=1,000;2,023", "; write --set 'seeds=[1000,2023]'"),
    ("report.tolerances=1,5;2", "; write --set 'report.tolerances=[1.5,2]'"),
    ("report.tolerances=0,5", "; write --set 'report.tolerances=[0.5]'"),
    ("report.tolerances=1,5", "; of several numbers it is [1,5], of one [1.5]"),
    ("preprocessing.spacing=4,5;1;1", "; write --set 'preprocessing.spacing=[4.5,1,1]'"),
    ("seeds=1,5;2", ""), ("preprocessing.size=4,032,16", " of 3: slices, rows and columns"),
  ])
  func commasWithinTheNumbersOfAList(option: String, words: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected a list\(words)"), "\(mistakes)")
  }

  /// Brackets around one list are one too many where numbers are wanted; other signs divide them too.
  @Test(arguments: [
    "((18,96,48))", "[(18,96,48)]", "18/96/48", "18:96:48", "18-96-48", "(18/96/48)", "18 / 96 / 48", "[18x96x48]",
    "18.96.48", "18_96_48", "tuple(18,96,48)",
  ])
  func numbersAreProposedInOnePairOfBrackets(size: String) throws {
    let mistakes = folder.mistakes(set: ["preprocessing.size=\(size)"])
    #expect(
      mistakes.count == 1
        && mistakes[0].hasSuffix(", expected a list; write --set 'preprocessing.size=[18,96,48]'"), "\(mistakes)")
  }

  /// What is advised is followed and loads.
  @Test(arguments: [
    ("report.subgroups=(site)", #"; write --set '"#, #"report.subgroups=["site"]"#),
    ("model.stem=4-4", "; write --set '", "model.stem=[4,4]"),
    // A range too, and a list of two is wanted.
    ("model.stem=3-5", "; write --set '", "model.stem=[3,5]"),
    ("report.tables=foo", #" such as ["folds"]; write --set '"#, #"report.tables=["folds"]"#),
    ("report.tables=ablations", #" such as ["ablation"]; write --set '"#, #"report.tables=["ablation"]"#),
    ("dataset.channels=((0,1))", "; write --set '", "dataset.channels=[0,1]"),
    ("dataset.channels=0/1", "; write --set '", "dataset.channels=[0,1]"),
    (#"variants=("A")"#, #" such as [{"name":"A"}]; write --set '"#, #"variants=[{"name":"A"}]"#),
    (
      "prediction=components", #" such as [{"components":"largest"}]; write --set '"#,
      #"prediction=[{"components":"largest"}]"#
    ),
    ("seeds=[2023-2025]", " of seeds: write --set '", "seeds=[2023,2024,2025]"),
    ("seeds=2023-2025", " of seeds: write --set '", "seeds=[2023,2024,2025]"),
    ("prediction=mirror", #" such as [{"mirror":true}]; write --set '"#, #"prediction=[{"mirror":true}]"#),
    ("prediction=true", #" such as [{"mirror":true}]; write --set '"#, #"prediction=[{"mirror":true}]"#),
    (
      "prediction=largest", #" such as [{"components":"largest"}]; write --set '"#,
      #"prediction=[{"components":"largest"}]"#
    ),
    (
      "prediction=mirror,largest", #" such as [{"mirror":true},{"components":"largest"}]; write --set '"#,
      #"prediction=[{"mirror":true},{"components":"largest"}]"#
    ),
    ("variants=A", #" such as [{"name":"A"}]; write --set '"#, #"variants=[{"name":"A"}]"#),
    (
      "dataset.exclude=c1", #" such as [{"case":"c1","reason":"..."}]; write --set '"#,
      #"dataset.exclude=[{"case":"c1","reason":"..."}]"#
    ),
    (
      "preprocessing.size=big", " such as [18,256,128]; write --set '", "preprocessing.size=[18,256,128]"
    ),
  ])
  func aListIsShown(option: String, words: String, right: String) throws {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected a list\(words)\(right)'"), "\(mistakes)")
    #expect(folder.mistakes(set: [right]).isEmpty)
  }

  /// The object that makes room for a part comes first, by an option of its own.
  @Test func whatHasNoPartsIsMadeAnObjectFirst() {
    let option = "augmentation.rotation.degrees=30"
    let mistakes = folder.mistakes(set: [option])
    let advice = "false has no parts; make it an object first: --set 'augmentation={}' --set \(option)"
    #expect(mistakes == ["--set \(option): augmentation: \(advice)"])
    #expect(folder.mistakes(set: ["augmentation={}", option]).isEmpty)
  }

  /// What is advised is tried before: of an option that would be refused in its turn, what is advised in its place is.
  @Test func theSecondOptionIsRightToo() {
    let object = "false has no parts; make it an object first: --set 'augmentation={}'"
    let right = "augmentation.rotation.degrees=30"
    let option = "augmentation.rotation=30"
    #expect(
      folder.mistakes(set: [option]) == ["--set \(option): augmentation: \(object) --set \(right)"])
    #expect(folder.mistakes(set: ["augmentation={}", right]).isEmpty)
  }

  /// Another value or another key in the second option; none where nothing has to be said.
  @Test(arguments: [
    ("augmentation.rotation.probability=0,5", " --set augmentation.rotation.probability=0.5"),
    ("augmentation.flip=true", " --set augmentation.mirroring=true"), ("augmentation.rotation=true", ""),
  ])
  func theSecondOptionIsWrittenOtherwise(option: String, right: String) {
    let object = "false has no parts; make it an object first: --set 'augmentation={}'"
    #expect(folder.mistakes(set: [option]) == ["--set \(option): augmentation: \(object)\(right)"])
    let second = right.split(separator: " ").last.map(String.init)
    #expect(folder.mistakes(set: ["augmentation={}"] + [second].compactMap(\.self)).isEmpty)
  }

  /// Of a kind that its name alone says, the object says it too.
  @Test func aKindStaysInItsObject() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"loss":"dice"}"#)])
    let (object, option) = (#"training.loss={"kind":"dice"}"#, "training.loss.over=batch")
    let advice = #""dice" has no parts; make it an object first: --set '\#(object)' --set \#(option)"#
    #expect(folder.mistakes(set: [option]) == ["--set \(option): training.loss: \(advice)"])
    #expect(folder.mistakes(set: [object, option]).isEmpty)
  }

  @Test func whatNeverHasPartsIsSetItself() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"epochs":3}"#)])
    #expect(
      folder.mistakes(set: ["training.epochs.max=5"]) == [
        "--set training.epochs.max=5: training.epochs: 3 has no parts; the field itself is set by --set"
          + " training.epochs=VALUE"
      ])
  }
}
