import Testing

import Experiments

/// `none`, `off` and `no` as other programs have them, where null or an empty list says that here.
@Suite struct WordForNothingTests {
  /// What is advised is followed and loads.
  @Test(arguments: [
    ("test=none", "an object", "test=null"), ("test=None", "an object", "test=null"),
    ("test=false", "an object", "test=null"), ("dataset.groups=no", "an object", "dataset.groups=null"),
    ("training.patch=off", "a list", "training.patch=null"), ("seeds=nil", "a list", "seeds=null"),
    ("test=nothing", "an object", "test=null"), ("test=disable", "an object", "test=null"),
    ("seeds=Disabled", "a list", "seeds=null"), ("seeds=n/a", "a list", "seeds=null"),
    (#"test="null""#, "an object", "test=null"), (#"seeds="null""#, "a list", "seeds=null"),
    ("preprocessing.spacing=none", "a list", "preprocessing.spacing=null"),
    // Null is for what is usual there, which may be on.
    ("report.groups=none", "an object: group name and its structures", "'report.groups={}'"),
    ("model.gate=off", "true or false", "model.gate=false"),
    ("model.gate=Disabled", "true or false", "model.gate=false"),
    ("training.earlyStopping=none", "a whole number", "training.earlyStopping=0"),
    ("training.clip=off", "a number", "training.clip=0"), ("training.average=false", "a number", "training.average=0"),
    ("augmentation.rotation.probability=off", "a number", "augmentation.rotation.probability=0"),
    ("augmentation.noise.probability=none", "a number", "augmentation.noise.probability=0"),
    ("training.microBatch=none", "a whole number", "training.microBatch=0"),
    ("training.weightDecay=off", "a number", "training.weightDecay=0"),
    ("training.schedule.warmUp=none", "a whole number", "training.schedule.warmUp=0"),
    ("augmentation.rotation=off", "an object", #"'augmentation.rotation={"probability": 0}'"#),
    ("augmentation.elastic=false", "an object", #"'augmentation.elastic={"probability": 0}'"#),
    ("training.schedule=none", "an object", #"'training.schedule={"kind": "plateau", "factor": 1}'"#),
    (
      "training.classWeights=none", "an object: structure name, or background, and its weight",
      "'training.classWeights={}'"
    ),
    (#"test="""#, "an object", "test=null"),
    ("grid=none", "an object of fields and lists of values", "grid=null"),
    ("report.subgroups=off", "a list", "'report.subgroups=[]'"),
    ("dataset.exclude=none", "a list", "'dataset.exclude=[]'"), ("prediction=none", "a list", "'prediction=[]'"),
  ])
  func anOptionIsToldWhatSaysSo(option: String, expected: String, right: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    let mistakes = folder.mistakes(set: [option])
    #expect(
      mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(expected); write --set \(right)"), "\(mistakes)")
    #expect(folder.mistakes(set: [right.replacing("'", with: "")]).isEmpty)
  }

  /// Where nothing says so, or only with more beside it, nothing is proposed.
  @Test(arguments: [
    ("prediction.components=none", #""largest", or a list of structures"#), ("dataset.channels=none", "a list"),
    ("report=none", "an object"), ("report.tables=none", "a list"), ("folds=none", "an object"),
    // Null takes away none of what all variants have from one of them.
    ("variants.A.seeds=none", "a list"),
    ("variants.A.grid=off", "an object of fields and lists of values"),
  ])
  func elseNoneIsProposed(option: String, expected: String) throws {
    let text = experiment(#""seeds":[1,2],"grid":{"model.width":[32,64]}"#, variants: #"[{"name":"A"}]"#)
    let mistakes = try ExperimentFolder(["x.json": text]).mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(expected)"), "\(mistakes)")
  }

  /// Of what is off already.
  @Test(arguments: ["augmentation.rotation=off", "augmentation.scaling=null", "augmentation.noise.probability=0"])
  func whatIsOffNeedsNoOption(option: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(#""augmentation":false"#)]).mistakes(set: [option])
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix("all of them are off so: take this option out"), "\(mistakes)")
  }

  @Test(arguments: [
    (#""test":"none""#, "an object; write null"), (#""training":{"patch":false}"#, "a list; write null"),
    (#""model":{"gate":"off"}"#, "true or false; write false"),
    (#""model":{"gate":none}"#, "true or false; write false"), (#""model":{"gate":0}"#, "true or false; write false"),
    (#""augmentation":{"rotation":"off"}"#, #"an object; write {"probability": 0}"#),
    (#""augmentation":None"#, "an object, true or false; write false"),
    (#""augmentation":{"rotation":off}"#, #"an object; write {"probability": 0}"#),
    (#""grid":"off""#, "an object of fields and lists of values; leave the field out"),
    (#""test":"null""#, "an object; write null"),
    (#""augmentation":"none""#, "an object, true or false; write false"),
  ])
  func inAFileTheValueIsShown(field: String, words: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(field)]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].hasSuffix(", expected \(words)"), "\(mistakes)")
  }

  /// Where false may stand, it is the value that is meant.
  @Test(arguments: ["augmentation", "model.aspp"]) func falseStaysWhereItIsAllowed(field: String) throws {
    let folder = try ExperimentFolder(["x.json": experiment("")])
    #expect(folder.mistakes(set: ["\(field)=false"]).isEmpty)
    for word in ["disabled", #""null""#] {
      let mistakes = folder.mistakes(set: ["\(field)=\(word)"])
      #expect(mistakes.count == 1 && mistakes[0].hasSuffix("true or false; write false"), "\(mistakes)")
    }
  }

  /// A text may say so.
  @Test func aTextStaysOne() throws {
    #expect(try ExperimentFolder(["x.json": experiment("")]).load(set: ["title=none"]).title == "none")
  }
}
