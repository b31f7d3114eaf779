import Compute
import Experiments
import Testing

/// Values that are allowed, and surely not meant.
@Suite struct UnlikelyValuesTests {
  func lines(_ training: String) throws -> [String] {
    let folder = try ExperimentFolder(["x.json": experiment("\"training\":\(training)")])
    return try folder.load("x.json").unlikelyValues.map { String($0.split(separator: ": ", maxSplits: 1)[1]) }
  }

  static let unlikely: [(training: String, line: String)] = [
    (#"{"learningRate":10}"#, "training.learningRate: 10 will not converge; usual with adam is 0.0001 to 0.001"),
    (#"{"learningRate":1e-9}"#, "training.learningRate: 1e-9 changes nothing; usual with adam is 0.0001 to 0.001"),
    (
      #"{"learningRate":2,"optimiser":"sgd"}"#,
      "training.learningRate: 2 will not converge; usual with sgd is 0.01"
    ),
    (
      #"{"learningRate":1,"optimiser":"sgd"}"#,
      "training.learningRate: 1 will not converge; usual with sgd is 0.01"
    ),
    (
      #"{"clip":1e-9}"#,
      "training.clip: 1e-9 leaves nothing of a gradient; usual is 1 to 12, 0 is without a limit"
    ),
    (
      #"{"classWeights":{"L5":1000}}"#,
      "training.classWeights: 1000 for L5 leaves the other classes without any weight; usual is 0.1 to 10"
    ),
    (
      #"{"classWeights":{"L5":1e-5}}"#,
      "training.classWeights: 0.00001 for L5 leaves it without any weight; usual is 0.1 to 10"
    ),
    (
      #"{"weightDecay":5}"#,
      "training.weightDecay: 5 drives all weights to 0; usual with adam is 0.00001 to 0.0001"
    ),
    (
      #"{"weightDecay":50,"optimiser":"adamw"}"#,
      "training.weightDecay: 50 drives all weights to 0; usual with adamw is 0.01"
    ),
    (
      #"{"earlyStopping":1}"#,
      "training.earlyStopping: training ends after 1 epoch without a better score, before the schedule lowers the rate after"
        + " more than 10 (schedule.patience); take more"
    ),
    (
      #"{"earlyStopping":1,"schedule":{"kind":"cosine"}}"#,
      "training.earlyStopping: training ends at the first 1 epoch without a better score, and scores rise and fall from epoch"
        + " to epoch; usual is 10 or more, 0 is never"
    ),
  ]

  static let stopping: [(training: String, line: String)] = [
    (
      #"{"earlyStopping":50,"epochs":50}"#,
      "training.earlyStopping: 50 epochs without a better score do not fit into 50 (training.epochs), so that training never ends"
        + " early; take less, or 0, which says so"
    ),
    (
      #"{"schedule":{"patience":60}}"#,
      "training.schedule: a patience of 60 epochs does not fit into 50 (training.epochs), so that the rate never falls; take less,"
        + " or a factor of 1, which says so"
    ),
  ]

  @Test(arguments: stopping) func whatCanNeverActIsNamed(training: String, line: String) throws {
    #expect(try lines(training) == [line])
  }

  @Test(arguments: unlikely) func isNamedWithItsPlaceAndWhatIsUsual(training: String, line: String) throws {
    #expect(try lines(training) == [line])
  }

  @Test(arguments: [
    "{}", #"{"learningRate":0.05}"#, #"{"learningRate":0.5,"optimiser":"sgd"}"#, #"{"weightDecay":0.0005}"#,
    #"{"weightDecay":0.05,"optimiser":"adamw"}"#, #"{"earlyStopping":20}"#,
    #"{"earlyStopping":5,"schedule":{"kind":"poly"}}"#, #"{"earlyStopping":49}"#, #"{"epochs":5}"#,
    #"{"clip":1}"#, #"{"classWeights":{"L5":10,"background":0.1}}"#,
    #"{"epochs":5,"schedule":{"patience":10,"factor":1}}"#,
  ])
  func whatPeopleMeanIsNotNamed(training: String) throws { #expect(try lines(training).isEmpty) }

  @Test func greyValuesAsTheyAreAreNamed() throws {
    #expect(
      try lines(of: #""preprocessing":{"normalise":"none"}"#) == [
        #"x.json:4:30: preprocessing.normalise: "none" gives the networks grey values as they are, hundreds and thousands in MRI;"#
          + #" usual is "volume", unless the images are normalised already"#
      ])
  }

  func lines(of more: String, variants: String = #"[{"name":"SAFNet"}]"#) throws -> [String] {
    let folder = try ExperimentFolder(["x.json": experiment(more, variants: variants)])
    return try folder.load("x.json").unlikelyValues
  }

  static let changes: [(field: String, value: String, words: String)] = [
    (
      "rotation", #"{"degrees":170}"#,
      "degrees: 170 turns spines on their side or upside down, as no patient lies; usual is 15, 30 at most"
    ),
    (
      "elastic", #"{"millimetres":30,"controlSpacing":130}"#,
      "millimetres: 30 moves voxels by about a whole vertebra; usual is 6"
    ),
    ("contrast", #"{"upper":20}"#, "upper: 20 leaves little of an image; usual is 0.75 to 1.25"),
    ("scaling", #"{"lower":0.1}"#, "lower: 0.1 leaves little of an image; usual is 0.7 to 1.4"),
    ("gamma", #"{"upper":9}"#, "upper: 9 leaves little of an image; usual is 0.7 to 1.5"),
    (
      "noise", #"{"largest":20}"#, "largest: 20 drowns images, which have a standard deviation of 1; usual is 0.1"
    ),
    (
      "shift", #"{"deviation":50}"#,
      "deviation: 50 drowns images, which have a standard deviation of 1; usual is 0.5"
    ),
    ("blur", #"{"upper":12}"#, "upper: 12 leaves little of an image; usual is 0.5 to 1 voxels"),
  ]

  @Test(arguments: changes) func changesThatNoScannerMakesAreNamed(field: String, value: String, words: String) throws {
    let found = try lines(of: "\"augmentation\":{\n\"\(field)\":\(value)}")
    #expect(found.count == 1 && found[0].hasSuffix(": augmentation.\(field).\(words)"))
    #expect(found.first?.contains("x.json:5:") == true)
  }

  @Test(arguments: [
    "true", "false", #"{"rotation":{"degrees":45}}"#, #"{"rotation":{"degrees":170,"probability":0}}"#,
    #"{"scaling":true,"noise":true,"blur":true,"brightness":true,"shift":true,"lowResolution":true,"gamma":true}"#,
  ])
  func usualChangesAreNotNamed(augmentation: String) throws {
    #expect(try lines(of: "\"augmentation\":\(augmentation)").isEmpty)
  }

  /// At 18 x 256 x 128 the features of SAFNet's pyramid have 18 x 16 x 8 voxels, and the fusion's 18 x 64 x 32 at most.
  @Test(arguments: [
    (
      #"{"kind":"safnet","asppRates":[6,18,40]}"#,
      "asppRates: at a rate of 18, 40 a branch sees nothing but padding around each voxel, as the features have 18x16x8 voxels"
        + " there (D x H x W); take rates below 18"
    ),
    (
      #"{"kind":"safnet","fusionRates":[2,64]}"#,
      "fusionRates: at a rate of 64 a branch sees nothing but padding around each voxel, as the features have 18x64x32 voxels there"
        + " (D x H x W); take rates below 64"
    ),
    (
      #"{"kind":"deeplabv3","rates":[64,128]}"#,
      "rates: at a rate of 64, 128 a branch sees nothing but padding around each voxel, as the features have 18x16x8 voxels there"
        + " (D x H x W); take rates below 18"
    ),
  ])
  func dilationsBeyondTheFeaturesAreNamed(model: String, words: String) throws {
    let found = try lines(of: "", variants: "[{\"name\":\"A\",\"model\":\(model)}]")
    #expect(found.count == 1 && found[0].hasSuffix(": variants[0].model.\(words)"), "\(found)")
  }

  @Test(arguments: [
    #"{"kind":"safnet"}"#, #"{"kind":"deeplabv3"}"#, #"{"kind":"safnet","asppRates":[6,12,17]}"#,
    #"{"kind":"deeplabv3","rates":[2,4]}"#,
  ])
  func usualDilationsAreNotNamed(model: String) throws {
    #expect(try lines(of: "", variants: "[{\"name\":\"A\",\"model\":\(model)}]").isEmpty)
  }

  static let numbers: [(training: String, line: String)] = [
    (#"{"epsilon":0.1}"#, "training.epsilon: 0.1 holds every step back; usual is 1e-8"),
    (
      #"{"schedule":{"kind":"poly","exponent":9}}"#,
      "training.schedule: an exponent of 9 ends learning early; usual is 0.9"
    ),
    (
      #"{"classWeights":{"background":0}}"#,
      "training.classWeights: 0 for background teaches nothing of what is no structure, so that every voxel is called one; take a"
        + " small number, as 0.1"
    ),
    (
      #"{"classWeights":{"L1":0}}"#,
      "training.classWeights: 0 for L1: its voxels teach nothing, and it is scored all the same; take a small number, as 0.1; or take it"
        + " out of classWeights and name all labels but it in dataset.labels, with its number beside the 0 of \"background\""
    ),
    (
      #"{"classWeights":{"L2":0,"L1":0},"loss":"crossEntropy"}"#,
      "training.classWeights: 0 for L1, L2: their voxels teach nothing, and they are scored all the same; take a small number, as 0.1;"
        + " or take them out of classWeights and name all labels but them in dataset.labels, with their numbers beside the 0 of"
        + " \"background\""
    ),
  ]

  @Test(arguments: numbers) func numbersThatLostADigitAreNamed(training: String, line: String) throws {
    #expect(try lines(training) == [line])
  }

  @Test(arguments: [
    #"{"classWeights":{"background":0.1}}"#, #"{"classWeights":{"L1":0},"loss":"diceCrossEntropy"}"#,
    #"{"epsilon":1e-3}"#, #"{"schedule":{"kind":"poly","exponent":2}}"#,
  ])
  func unusualNumbersAreNotNamed(training: String) throws { #expect(try lines(training).isEmpty) }

  /// 5 epochs of 10 cases, 2 in a batch: 25 steps.
  @Test func anAverageThatOutlastsTheTraining() throws {
    func notices(_ average: String) throws -> [String] {
      let training = "\"training\":{\"epochs\":5,\"batch\":2,\"average\":\(average)}"
      let folder = try ExperimentFolder(["x.json": experiment(training)])
      return try folder.load("x.json").averageNotices(cases: 10).map {
        String($0.split(separator: ": ", maxSplits: 1)[1])
      }
    }
    #expect(
      try notices("0.999") == [
        "training.average: 0.999 keeps the first weights, as training has 25 steps only; take 0.6 or less, or 0"
      ])
    #expect(try notices("0.95").isEmpty)
    #expect(try notices("0").isEmpty)
  }

  /// Metres and radians in the place of millimetres and degrees.
  @Test(arguments: [
    (
      #""report":{"tolerances":[1,0.001]}"#,
      "report.tolerances[1]: 0.001 mm is far below a voxel, so that only equal surfaces count; tolerances are in millimetres,"
        + " 0.001 m are 1 mm"
    ),
    (
      #""augmentation":{"rotation":{"degrees":0.26}}"#,
      "augmentation.rotation.degrees: 0.26 degrees turn nothing that is seen; 15 degrees are 0.26 radians, and degrees are meant"
        + " here; usual is 15"
    ),
  ])
  func anotherUnitIsNamed(more: String, words: String) throws {
    func told(_ more: String) throws -> [String] {
      try ExperimentFolder(["x.json": experiment(more)]).load("x.json").unlikelyValues
    }
    let found = try told(more)
    #expect(found.count == 1 && found[0].hasSuffix(words), "\(found)")
    #expect(
      try told(#""report":{"tolerances":[0.05,3]},"augmentation":{"rotation":{"degrees":5}}"#).isEmpty)
    #expect(try told(#""augmentation":{"rotation":{"degrees":0.26,"probability":0}}"#).isEmpty)
  }

  @Test func aSizeThatLeavesNothingIsNamed() throws {
    func notices(_ preprocessing: String, _ extents: [Extent3]) throws -> [String] {
      let folder = try ExperimentFolder(["x.json": experiment("\"preprocessing\":\(preprocessing)")])
      return try folder.load("x.json").coarseNotices(extents)
    }
    let images = [Extent3(20, 224, 256), Extent3(18, 224, 256), Extent3(20, 10, 10)]
    let found = try notices(#"{"size":[20,16,16],"crop":"none"}"#, images)
    #expect(
      found.count == 1 && found[0].contains("x.json:4:")
        && found[0].hasSuffix(
          "preprocessing.size: [20, 16, 16] leaves 16 x 16 voxels of 224 x 256 in plane (H x W), in which structures vanish; take"
            + " half of them or more, such as [20, 112, 128]")
    )
    // The crop takes half of the columns away.
    #expect(try notices(#"{"size":[20,32,16],"crop":"halfWidth"}"#, images).isEmpty)
    #expect(try notices(#"{"size":[20,32,16],"crop":"none"}"#, images).count == 1)
    #expect(try notices(#"{"size":[20,32,32],"crop":"none"}"#, images).isEmpty)
    #expect(try notices(#"{"size":[20,16,16],"crop":"none"}"#, []).isEmpty)
    // The slices stand last, which is told in place of this.
    #expect(try notices(#"{"size":[224,224,20],"crop":"none"}"#, images).isEmpty)
    #expect(try notices(#"{"size":[224,16,64],"crop":"none"}"#, images).isEmpty)
    #expect(try notices(#"{"size":[64,64,30],"crop":"none","depth":"resample"}"#, images).isEmpty)
    // Slices that the images do not have are not advised.
    let fine = [Extent3(20, 512, 512), Extent3(18, 512, 512), Extent3(22, 512, 512)]
    for (depth, slices) in [("resample", 20), ("padOrCrop", 22)] {
      let told = try notices(#"{"size":[64,48,48],"crop":"none","depth":"\#(depth)"}"#, fine)
      #expect(told.count == 1 && told[0].hasSuffix("such as [\(slices), 256, 256]"), "\(told)")
    }
  }

  /// As a structure is, as the row of all structures is, as neither.
  @Test func groupsOfAnothersNameAreNamed() throws {
    let labels = #"{"path":"data","labels":{"L1":1,"L2":2}}"#
    func told(_ groups: String, dataset: String) throws -> [String] {
      let text = experiment("\"report\":{\"groups\":\(groups)}", dataset: dataset)
      return try ExperimentFolder(["x.json": text]).load().unlikelyValues
    }
    #expect(
      try told(#"{"l2":["L1"],"All":["L1"],"upper":["L1"]}"#, dataset: labels) == [
        #"x.json:4:26: report.groups.l2: a structure is called "L2", so that tables have two rows of that name; give the group another"#
          + " name",
        #"x.json:4:39: report.groups.All: tables have a row "all" of all structures without it; give the group another name"#,
      ])
    #expect(try told(#"{"L2":["L1"],"all":["L1"]}"#, dataset: #"{"path":"data"}"#).count == 1)
  }
}
