import Compute
import Experiments
import Foundation
import Testing

/// What `--set` says is taken as it is meant, or refused with what to write.
@Suite struct SetOptionTests {
  @Test func aKeyThatStandsFurtherDownIsNamed() throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: ["epochs=3", "learningRate=0.1"])
    #expect(mistakes.count == 2)
    #expect(mistakes[0].hasPrefix("--set epochs=3: epochs: unknown key, did you mean training.epochs?"))
    #expect(mistakes[1].contains("learningRate: unknown key, did you mean training.learningRate?"))
    #expect(try folder.load(set: ["training.epochs=3"]).training.epochs == 3)
  }

  /// A decimal comma, and switches as other programs write them.
  @Test(arguments: [
    ("training.learningRate=0,001", "found \"0,001\", expected a number; decimals have a point: write 0.001"),
    ("augmentation=True", "found \"True\", expected an object, true or false; write true"),
    ("augmentation=off", "found \"off\", expected an object, true or false; write false"),
    ("augmentation=perhaps", "found \"perhaps\", expected an object, true or false"),
    ("dataset.exclude=[{\"case\":\"a\"}]", "write it, such as \"reason\": \"the mask is of another patient\""),
  ])
  func whatATextWasMeantForIsSaid(option: String, words: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(words), "\(mistakes)")
  }

  /// Without brackets, with others than JSON's, with other signs between; what is advised is followed and loads.
  @Test(arguments: [
    "18,96,48", "18, 96, 48", "18;96;48", "18x96x48", "(18,96,48)", "(18, 96, 48)", "(18 96 48)", "{18,96,48}",
    "[18;96;48]", "18,96,48]",
  ])
  func aListInAnotherFormIsToldHowToBeWritten(size: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: ["preprocessing.size=\(size)"])
    let advice =
      "--set preprocessing.size=\(size): preprocessing.size: found \"\(size)\", expected a list; write --set"
      + " 'preprocessing.size=[18,96,48]'"
    #expect(mistakes == [advice])
    #expect(try folder.load(set: ["preprocessing.size=[18,96,48]"]).preprocessing.size.height == 96)
  }

  @Test(arguments: ["folds,cost", "(folds, cost)", "folds;cost"])
  func wordsInAnotherFormAreToldAsAList(tables: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: ["report.tables=\(tables)"])
    let advice = #"; write --set 'report.tables=["folds","cost"]'"#
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(advice), "\(mistakes)")
    #expect(try folder.load(set: [#"report.tables=["folds","cost"]"#]).name == "x")
  }

  /// A number or a word where a list of such belongs; what is advised is followed and loads.
  @Test(arguments: [
    ("seeds=2024", "; write --set 'seeds=[2024]'"),
    ("variants.A.seeds=2025", "; write --set 'variants.A.seeds=[2025]'"),
    ("training.patch=16", "; write --set 'training.patch=[16,16,16]'"),
    ("report.tables=ablation", #"; write --set 'report.tables=["ablation"]'"#),
    ("folds.stratify=site", #"; write --set 'folds.stratify=["site"]'"#),
    ("grid.model.width=32", " of values; write --set 'grid.model.width=[32]'"),
  ])
  func oneElementInThePlaceOfAListIsToldItsBrackets(option: String, advice: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"A"}]"#)])
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected a list" + advice), "\(mistakes)")
    let typed = try #require(advice.split(separator: "'").dropFirst().first)
    #expect(try folder.load(set: [String(typed)]).name == "x")
  }

  /// Several values for a field of one; what is advised is followed and loads.
  @Test(arguments: [
    ("training.epochs=[10,20]", "a grid: write --set 'grid.training.epochs=[10,20]'"),
    ("training.learningRate=1e-3,1e-4", "a grid: write --set 'grid.training.learningRate=[1e-3,1e-4]'"),
    ("training.optimiser=adam,sgd", #"a grid: write --set 'grid.training.optimiser=["adam","sgd"]'"#),
    ("training.optimiser=[adam,sgd]", #"a grid: write --set 'grid.training.optimiser=["adam","sgd"]'"#),
    ("variants.A.training.epochs=3,4", "a grid: write --set 'variants.A.grid.training.epochs=[3,4]'"),
    ("training.seed=[1,2]", "seeds: write --set 'seeds=[1,2]'"),
  ])
  func severalValuesOfAFieldAreAGrid(option: String, advice: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"A"}]"#)])
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix("; several are tried by " + advice), "\(mistakes)")
    let typed = try #require(advice.split(separator: "'").dropFirst().first)
    let runs = try folder.load(set: [String(typed)]).variants
    #expect(runs.count == 2 || runs[0].seeds == [1, 2])
  }

  @Test func inAFileTheGridIsShownWithItsPlace() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"epochs":[10,20]}"#)])
    let mistakes = folder.mistakes()
    #expect(
      mistakes.count == 1
        && mistakes[0].hasSuffix(#"; several are tried by a grid: "grid": {"training.epochs": [10,20]} beside "name""#),
      "\(mistakes)")
    #expect(try folder.load(set: ["training={}", #"grid={"training.epochs": [10,20]}"#]).variants.count == 2)
    #expect(folder.mistakes(set: ["training={}", "folds.count=[2,5]"]).allSatisfy { !$0.contains("grid") })
  }

  /// One layer of quotes too many around a list; following the advice ends it.
  @Test func aListInQuotesIsToldWithoutThem() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(""), "y.json": experiment(#""preprocessing":{"size":"[18, 96, 48]"}"#),
    ])
    let option = #"preprocessing.size="[18, 96, 48]""#
    let mistakes = folder.mistakes(set: [option])
    let advice = "; the quotes make a text of it: write --set 'preprocessing.size=[18,96,48]'"
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(advice), "\(mistakes)")
    #expect(try folder.load(set: ["preprocessing.size=[18,96,48]"]).preprocessing.size.height == 96)
    #expect(folder.mistakes("y.json").first?.hasSuffix("; the quotes make a text of it: write [18,96,48]") == true)
    let nested = folder.mistakes(set: ["preprocessing.size=[[18,96,48]]"])
    let single = "expected a list in one pair of brackets; write --set 'preprocessing.size=[18,96,48]'"
    #expect(nested.count == 1 && nested[0].hasSuffix("found [[18,96,48]], \(single)"), "\(nested)")
  }

  @Test func inAFileTheBracketsAreShownToo() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""seeds":2024"#)])
    #expect(folder.mistakes() == ["x.json:4:9: seeds: found 2024, expected a list; write [2024]"])
    #expect(folder.mistakes(set: ["seeds=true"]) == ["--set seeds=true: seeds: found true, expected a list"])
  }

  /// Settings with commas between them.
  @Test(arguments: [
    ("training.epochs=1,training.batch=2", "--set training.epochs=1 --set training.batch=2"),
    ("training.epochs=1,batch=2", "--set training.epochs=1 --set training.batch=2"),
    ("title=A,training.batch=2", "--set title=A --set training.batch=2"),
    ("preprocessing.size=[8,64,64],folds.count=3", "--set 'preprocessing.size=[8,64,64]' --set folds.count=3"),
  ])
  func twoSettingsInOneOptionAreTakenApart(option: String, advice: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment("")]).mistakes(set: [option])
    #expect(mistakes.count == 1)
    #expect(
      mistakes.first?.contains(": 2 settings in one --set; give each its own: \(advice). ") == true, "\(mistakes)")
  }

  /// The name that an option gives is the one that is wrong.
  @Test func aNameThatAnOptionTakesIsTheOptionsMistake() throws {
    let folder = try ExperimentFolder([
      "x.json": experiment(#""model":{"kind":"safnet"}"#, variants: #"[{"name":"A"},{"name":"B","seeds":[1]}]"#)
    ])
    #expect(
      folder.mistakes(set: ["variants.A.name=B"]) == [
        #"--set variants.A.name=B: variants[0].name: the name "B" is already that of variants[1]; give each its own"#
      ])
    let renamed = try folder.load(set: ["variants.A.name=C"])
    #expect(renamed.variants.map(\.name) == ["C", "B"])
    #expect(renamed.unlikelyValues.count == 1)
    #expect(
      renamed.unlikelyValues[0].hasPrefix(
        "--set variants.A.name=C: variants[0].name: the variant has this name in this"))
    #expect(try folder.load().unlikelyValues.isEmpty)
  }

  @Test func badOverridesAreReportedBesideOtherMistakes() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""folds":{"count":0}"#)])
    #expect(
      folder.mistakes(set: ["training.epochs", "variants.Safnet.training.epochs=2"]) == [
        "--set training.epochs: there is no = after the path; write --set key.path=value",
        "--set variants.Safnet.training.epochs=2: variants: no element Safnet, did you mean SAFNet?; there are SAFNet",
        "x.json:4:18: folds.count: found 0, allowed: 2 to 1000",
      ])
  }

  @Test func anOptionInTheFormOfAFileIsToldTheWholePath() throws {
    let folder = try ExperimentFolder(["x.json": experiment()])
    #expect(
      folder.mistakes(set: ["epochs: 3", "size: [4, 32, 16]", "name: x", "lerningRate: 1"]) == [
        "--set epochs: 3: there is no = after the path; write --set training.epochs=3",
        "--set size: [4, 32, 16]: there is no = after the path; write --set 'preprocessing.size=[4, 32, 16]'",
        "--set name: x: there is no = after the path; write --set name=x",
        "--set lerningRate: 1: there is no = after the path; write --set lerningRate=1",
      ])
  }

  @Test func anOptionChangesWhatTheFileSays() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""training":{"epochs":5,"batch":2}"#)])
    let specification = try folder.load(set: ["training.epochs=4", "variants.0.training.epochs=3", "training.epochs=4"])
    #expect(specification.training.epochs == 4 && specification.variants[0].training.epochs == 3)
    #expect(try folder.load(set: [#"training={"batch":4}"#, "training.epochs=3"]).training.batch == 4)
  }

  /// One of the two would be lost without a word, whichever way it is named.
  @Test(arguments: [
    (["training.epochs=1", "training.epochs=3"], "training.epochs: set twice, to 1 and 3; keep one of the two"),
    (
      ["variants.0.seeds=[1]", "variants.A.seeds=[2]"],
      "variants[0].seeds: set twice, to [1] and [2]; keep one of the two"
    ),
    (
      [#"training={"batch":4}"#, "training.batch=2"],
      "training.batch: set twice, to 4 and 2; keep one of the two"
    ),
    (
      ["training.epochs=1", #"training={"batch":2}"#],
      "training: this takes away what --set training.epochs=1 says; keep one of the two, or give this one first"
    ),
    (
      [#"training={"batch":4}"#, #"training={"epochs":2}"#],
      #"training: this takes away what --set 'training={"batch":4}' says; keep one of the two"#
    ),
  ])
  func twoOptionsThatSayOneSettingAreRefused(options: [String], words: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"A"}]"#)])
    #expect(folder.mistakes(set: options) == ["--set \(options[1]): \(words)"])
  }

  /// Less than so many seeds as the number says, and what is advised for that.
  @Test(arguments: [("seeds=3", 3), ("variants.A.seeds=2", 2)])
  func aNumberOfSeedsIsNoSeed(option: String, count: Int) throws {
    let folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"A"}]"#)])
    let mistakes = folder.mistakes(set: [option])
    let several = count == 3 ? "[2023,2024,2025]" : "[2023,2024]"
    let typed = "\(option.split(separator: "=")[0])=\(several)"
    #expect(
      mistakes.first?.hasSuffix(
        "found \(count), expected a list of seeds: [\(count)] is one seed, called \(count); \(count) seeds are \(several),"
          + " written --set '\(typed)'") == true && mistakes.count == 1, "\(mistakes)")
    #expect(try folder.load(set: [typed]).variants[0].seeds.count == count)
  }

  /// A number goes to the field that takes it; one that none takes is shown another.
  @Test(arguments: [
    (
      "augmentation.rotation=15",
      #"such as {"degrees":15}; write --set augmentation.rotation.degrees=15"#, "augmentation.rotation.degrees=15"
    ),
    (
      "augmentation.rotation=0.5",
      #"such as {"probability":0.5}; write --set augmentation.rotation.probability=0.5"#,
      "augmentation.rotation.probability=0.5"
    ),
    ("folds=4", #"such as {"count":4}; write --set folds.count=4"#, "folds.count=4"),
  ])
  func aNumberIsPutWhereItFits(option: String, words: String, better: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(words), "\(mistakes)")
    _ = try folder.load(set: [better])
  }

  @Test func aNumberThatFitsNowhereIsShownAnother() throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: ["augmentation.rotation=500"])
    let shown = try #require(mistakes.first?.components(separatedBy: "a key of it is set so: --set ").last)
    #expect(shown.hasPrefix("augmentation.rotation.") && !shown.contains("500"), "\(mistakes)")
    _ = try folder.load(set: [shown])
  }

  @Test func aMissingValueIsNamed() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""test":{"path":"tests"}"#)])
    let words = "a value should stand behind the equals sign"
    let null = "what holds without one is said by --set test=null"
    #expect(folder.mistakes(set: ["test="]) == ["--set test=: test: \(words); \(null)"])
    #expect(try folder.load(set: ["test=null"]).test == nil)
    // A dataset must be named.
    #expect(folder.mistakes(set: ["dataset.path="]) == ["--set dataset.path=: dataset.path: \(words)"])
  }

  @Test func blanksAroundTheEqualsSignAreNamed() throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    #expect(
      folder.mistakes(set: ["training.epochs = 3", "training.batch =2", "folds.count= 4"]) == [
        "--set training.epochs = 3: a setting has no blanks around its =; write --set training.epochs=3",
        "--set training.batch =2: a setting has no blanks around its =; write --set training.batch=2",
      ])
  }

  @Test func namesInAListNeedNoQuotes() throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    #expect(folder.mistakes(set: ["report.groups.all=[L1, L2]"]).isEmpty)
  }
}
