import Experiments
import Testing

/// A bare word or number that an option gives in the place of an object: what it was meant for, else how a key is set.
@Suite struct WordForObjectTests {
  private let folder: ExperimentFolder

  init() throws { folder = try ExperimentFolder(["x.json": experiment(variants: #"[{"name":"A"}]"#)]) }

  /// What is advised is followed and loads.
  @Test(arguments: [
    ("training=adam", #" such as {"optimiser":"adam"}; write"#, "training.optimiser=adam"),
    ("training=7", #" such as {"epochs":7}; write"#, "training.epochs=7"),
    ("training=poly", #" such as {"schedule":{"kind":"poly"}}; write"#, "training.schedule.kind=poly"),
    ("training.schedule=cosine", #" such as {"kind":"cosine"}; write"#, "training.schedule.kind=cosine"),
    ("model=unet", #" such as {"kind":"unet3d"}; write"#, "model.kind=unet3d"),
    ("model=unet3d", #" such as {"kind":"unet3d"}; write"#, "model.kind=unet3d"),
    ("folds=balanced", #" such as {"source":"balanced"}; write"#, "folds.source=balanced"),
    (
      "variants.A=unet3d", #" such as {"model":{"kind":"unet3d"},"name":"..."}; write"#,
      "variants.A.model.kind=unet3d"
    ),
    ("variants.A=other", "; a key of it is set so:", "variants.A.model.kind=safnet"),
    ("model=big", "; a key of it is set so:", "model.kind=safnet"),
    ("preprocessing=64", "; a key of it is set so:", "'preprocessing.size=[18,256,128]'"),
    ("training=true", "; a key of it is set so:", "training.epochs=50"),
  ])
  func theOptionIsShown(option: String, words: String, right: String) throws {
    let mistakes = folder.mistakes(set: [option])
    #expect(
      mistakes.count == 1 && mistakes[0].hasSuffix(", expected an object\(words) --set \(right)"), "\(mistakes)")
    #expect(folder.mistakes(set: [right.replacing("'", with: "")]).isEmpty)
  }

  /// Beside keys of the kind that the file names, the other kind takes the place of the whole object.
  @Test func anotherKindIsAdvisedWithoutTheKeysOfTheFirst() throws {
    let folder = try ExperimentFolder(["x.json": experiment(#""model":{"kind":"safnet","width":8,"aspp":false}"#)])
    let right = #"model={"kind":"unet3d"}"#
    let mistakes = folder.mistakes(set: ["model=unet3d"])
    #expect(
      mistakes == [
        #"--set model=unet3d: model: found "unet3d", expected an object such as {"kind":"unet3d"}; write --set '\#(right)'"#
      ])
    #expect(folder.mistakes(set: [right]).isEmpty)
  }

  @Test(arguments: [
    ("training=epochs", "", "training.epochs"), ("variants.A.training=learning_rate", "", "learningRate"),
    ("preprocessing=spacing", "", "preprocessing.spacing"),
    ("augmentation=rotation", ", true or false", "augmentation.rotation"),
  ])
  func aKeyIsToldHowItIsSet(option: String, others: String, key: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].contains(", expected an object\(others); its key "), "\(mistakes)")
    #expect(mistakes.first?.hasSuffix("\(key)=VALUE") == true, "\(mistakes)")
  }

  /// In a file the object is shown.
  @Test(arguments: [
    (#""training":"epochs""#, #" such as {"epochs": ...}"#), (#""folds":"none""#, ""),
    (#""prediction":["mirror"]"#, #" such as {"mirror":true}"#), (#""test":0"#, #"; write {"path": "..."}"#),
    (#""model":"big""#, #" such as {"kind":"safnet"}"#),
    (#""preprocessing":64"#, #" such as {"size":[18,256,128]}"#),
  ])
  func inAFileTheObjectIsShown(field: String, words: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(field)]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected an object\(words)"), "\(mistakes)")
  }
}
