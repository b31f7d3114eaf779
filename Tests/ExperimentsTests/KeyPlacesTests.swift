import Testing

import Experiments

/// A key where it is not known is told the place where it is; what is advised is followed and loads.
@Suite struct KeyPlacesTests {
  private let folder: ExperimentFolder

  init() throws {
    folder = try ExperimentFolder([
      "x.json": experiment(variants: #"[{"name":"A"},{"name":"B","training":{"epochs":3}}]"#)
    ])
  }

  @Test(arguments: [
    ("training.seeds=[1,2]", "training.seeds", "seed or seeds of the experiment itself", "seeds=[1,2]"),
    ("model.loss=dice", "model.loss", "training.loss", "training.loss=dice"),
    ("Training.epochs=4", "Training", "training", "training.epochs=4"),
    ("training.kind=unet3d", "training.kind", "model.kind", "model.kind=unet3d"),
    ("preprocessing.batch=3", "preprocessing.batch", "training.batch", "training.batch=3"),
    ("dataset.size=[8,64,64]", "dataset.size", "preprocessing.size", "preprocessing.size=[8,64,64]"),
    (
      "training.dataset.path=d", "training.dataset", "dataset of the experiment itself, --set dataset.path=d",
      "dataset.path=d"
    ),
    (
      "dataset.test.path=nope", "dataset.test", "test of the experiment itself, --set test.path=nope", "test.path=nope"
    ),
    ("report.epochs=4", "report.epochs", "training.epochs", "training.epochs=4"),
    ("variants.A.loss=dice", "variants[0].loss", "training.loss", "variants.A.training.loss=dice"),
    (
      "variants.A.model.epochs=4", "variants[0].model.epochs", "variants[0].training.epochs",
      "variants[0].training.epochs=4"
    ),
    ("model.asppp=false", "model.asppp", "aspp", "model.aspp=false"),
    // The same words joined otherwise: the one name that is meant there, and no path to it.
    ("training.learning_rate=0.01", "training.learning_rate", "learningRate", "training.learningRate=0.01"),
    ("training.early_stopping=4", "training.early_stopping", "earlyStopping", "training.earlyStopping=4"),
    ("variants.B.model.ASPP=false", "variants[1].model.ASPP", "aspp", "variants.B.model.aspp=false"),
    ("preprocessing.Size=[8,64,64]", "preprocessing.Size", "size", "preprocessing.size=[8,64,64]"),
    ("dataset.Path=d", "dataset.Path", "path", "dataset.path=d"),
    // Other programs' words.
    ("batch_size=3", "batch_size", "training.batch", "training.batch=3"),
    ("training.lr=0.01", "training.lr", "learningRate", "training.learningRate=0.01"),
    ("training.num_epochs=4", "training.num_epochs", "epochs", "training.epochs=4"),
    ("learning_rate=0.01", "learning_rate", "training.learningRate", "training.learningRate=0.01"),
    ("optimizer=sgd", "optimizer", "training.optimiser", "training.optimiser=sgd"),
    ("model.name=unet3d", "model.name", "kind", "model.kind=unet3d"),
    ("nFolds=4", "nFolds", "folds.count", "folds.count=4"),
    ("augmentation.flip=true", "augmentation.flip", "mirroring", "augmentation.mirroring=true"),
    ("augmentation.rotate.degrees=9", "augmentation.rotate", "rotation", "augmentation.rotation.degrees=9"),
    // Several keys in one.
    ("training:epochs=4", #"["training:epochs"]"#, "training.epochs", "training.epochs=4"),
    ("training/epochs=4", #"["training/epochs"]"#, "training.epochs", "training.epochs=4"),
    (
      "variants.B.model.lr=0.01", "variants[1].model.lr", "variants[1].training.learningRate",
      "variants[1].training.learningRate=0.01"
    ),
  ])
  func theRightPlaceIsNamed(option: String, path: String, place: String, right: String) throws {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.count == 1)
    #expect(
      mistakes.first?.hasPrefix("--set \(option): \(path): unknown key, did you mean \(place)?; known here: ") == true,
      "\(mistakes)")
    #expect(folder.mistakes(set: [right]).isEmpty)
  }

  /// Measures are all reported, and weights are begun with by another field than the one that says how they are drawn.
  @Test func whatIsSaidInAnotherFieldNamesIt() throws {
    for (field, place) in [
      (#""metrics":["dice"]"#, "report.tables (every measure is in a report) or training.monitor (by which"),
      (#""report":{"metrics":["dice"]}"#, "tables or tolerances (every measure is in a report)?"),
      (#""training":{"metric":"dice"}"#, "monitor?"),
    ] {
      let mistakes = try ExperimentFolder(["x.json": experiment(field)]).mistakes()
      #expect(mistakes.count == 1 && mistakes[0].contains("unknown key, did you mean \(place)"), "\(mistakes)")
    }
    let start = folder.mistakes(set: ["training.initialWeights=w.pth"])
    #expect(
      start.first?.contains(#"found "w.pth", did you mean training.start, which names the run"#) == true, "\(start)")
    #expect(folder.mistakes(set: ["training.initialWeights=random"]).first?.contains("did you mean") == false)
    let stages = folder.mistakes(set: ["model.kind=nnunet", "model.features=[4,8]"])
    #expect(stages.contains { $0.hasSuffix("double from this one on, up to model.mostFeatures") }, "\(stages)")
  }

  @Test func aPathInAFileIsToldItsObject() throws {
    for (key, place) in [
      ("training.epochs", "epochs within the object training"),
      ("training.schedule.kind", "kind within the object training.schedule"),
    ] {
      let mistakes = try ExperimentFolder(["x.json": experiment(#""\#(key)": 3"#)]).mistakes()
      #expect(mistakes.count == 1 && mistakes[0].contains("unknown key, did you mean \(place)?"), "\(mistakes)")
    }
    // What no object has is not guessed.
    #expect(folder.mistakes(set: ["training:nothing=3"]).first?.contains("did you mean") == false)
  }

  @Test func aKeyOfAnotherKindNamesTheKinds() throws {
    let mistakes = folder.mistakes(set: ["model.levels=[[8,16],[16,32]]"])
    #expect(mistakes.first?.contains(#"model.levels: unknown key, did you mean kind "unet3d""#) == true, "\(mistakes)")
    #expect(mistakes.first?.contains(", which has it?; known here: kind, width") == true, "\(mistakes)")
    let capital = folder.mistakes(set: ["model.Levels=[[8,16],[16,32]]"])
    #expect(capital.first?.contains(", which has levels?; known here: kind, width") == true, "\(capital)")
  }

  /// The kind was changed, and the keys of the one before were left: one message, and its option loads.
  @Test func keysOfTheKindBeforeAreToldTogether() throws {
    let model = #""model":{"kind":"safnet","width":8,"stem":[8,16],"aspp":false}"#
    let folder = try ExperimentFolder(["x.json": experiment(model)])
    let right = #"model={"kind":"unet3d"}"#
    #expect(
      folder.mistakes(set: ["model.kind=unet3d"]) == [
        "--set model.kind=unet3d: model.kind: the kind \"unet3d\" has no width, stem, aspp: take them out of the file, or give"
          + " --set '\(right)' in place of this"
      ])
    #expect(folder.mistakes(set: [right]).isEmpty)
    let written = try ExperimentFolder(["x.json": experiment(model.replacing("safnet", with: "unet3d"))]).mistakes()
    #expect(written == [#"x.json:4:17: model.kind: the kind "unet3d" has no width, stem, aspp: take them out"#])
  }

  @Test func whatAFileExtendsIsAKnownKey() throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(#""extend":"base.json""#)]).mistakes()
    #expect(
      mistakes.first?.hasPrefix("x.json:4:1: extend: unknown key, did you mean extends?; known here: name,") == true)
    #expect(mistakes.first?.hasSuffix(", report, extends") == true, "\(mistakes)")
    #expect(folder.mistakes(set: ["extends=base.json"]).first?.contains("extends stands in its file") == true)
  }

  @Test func whatIsAnOptionIsCalledOne() {
    #expect(
      folder.mistakes(set: ["threads=2"]).first?.contains("did you mean the option --threads of `safnet run`?") == true)
    for key in ["devices", "gpus"] {
      let mistake = folder.mistakes(set: ["\(key)=0"]).first ?? ""
      #expect(mistake.contains("did you mean the option --device of `safnet run`?"), "\(mistake)")
    }
  }

  /// An option that goes further than a field has made an object of it.
  @Test func whatHasNoPartsSaysSo() {
    #expect(
      folder.mistakes(set: ["training.optimiser.lr=0.01"]) == [
        "--set training.optimiser.lr=0.01: training.optimiser: it has no parts, such as lr, did you mean"
          + #" training.learningRate?; expected one of "adam", "adamw" or "sgd""#
      ])
    #expect(
      folder.mistakes(set: ["training.epochs.max=4"]).first?.contains(
        "training.epochs: it has no parts, such as max; expected a whole number") == true)
  }

  @Test func otherProgramsWordsLeadSomewhere() {
    for place in Set(KeyPlaces.elsewhere.values) where !place.hasPrefix("the option ") {
      let key = String(place.split(separator: ".").last!)
      #expect(KeyPlaces().of(key).contains(place), "\(place) is no field")
    }
  }

  /// A field that a grid is to vary, without the object that it is in, or in the wrong one.
  @Test(arguments: [
    ("grid.width=[32,64]", "model.width", "grid.model.width=[32,64]"),
    ("grid.width=32", "model.width", "grid.model.width=[32,64]"),
    ("grid.lr=[0.1,0.01]", "training.learningRate", "grid.training.learningRate=[0.1,0.01]"),
  ])
  func aGridsFieldIsNamedInFull(option: String, field: String, right: String) {
    let mistakes = folder.mistakes(set: [option])
    #expect(mistakes.first?.hasSuffix("no field of model or training, did you mean \(field)?") == true, "\(mistakes)")
    #expect(folder.mistakes(set: [right]).isEmpty)
  }
}
