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

  @Test(arguments: unlikely) func isNamedWithItsPlaceAndWhatIsUsual(training: String, line: String) throws {
    #expect(try lines(training) == [line])
  }

  @Test func stoppingAfterTheLastEpoch() throws {
    let words = "training.earlyStopping: 5 epochs without a better score are not among 5 (epochs); take fewer, or 0"
    #expect(try lines(#"{"epochs":5,"earlyStopping":5}"#) == [words])
    #expect(try lines(#"{"epochs":12,"earlyStopping":11}"#).isEmpty)
  }

  @Test func imagesTurnedAsNobodyLies() throws {
    func lines(_ rotation: String) throws -> [String] {
      let folder = try ExperimentFolder(["x.json": experiment("\"augmentation\":{\"rotation\":\(rotation)}")])
      return try folder.load("x.json").unlikelyValues
    }
    #expect(
      try lines(#"{"probability":0.2,"degrees":170}"#).map { $0.replacing(/^.*x.json:/, with: "") } == [
        "4:57: augmentation.rotation.degrees: training images are turned by up to 170 degrees either way, as no scan lies;"
          + " usual is 15 to 30"
      ])
    #expect(try lines(#"{"probability":0,"degrees":170}"#).isEmpty && lines(#"{"degrees":45}"#).isEmpty)
  }

  /// In the experiment's own model, in a variant's, and where nobody has written any.
  @Test func tapsBesideEveryImage() throws {
    func lines(_ fields: String, variants: String = #"[{"name":"A"}]"#) throws -> [String] {
      try ExperimentFolder(["x.json": experiment(fields, variants: variants)]).load("x.json").unlikelyValues.map {
        $0.replacing(#/^.*x.json:[0-9]+:[0-9]+: /#, with: "")
      }
    }
    let small = #""preprocessing":{"size":[4,16,16]}"#
    let words =
      "taps 40, 16 voxels apart see nothing of images of 4x16x16 but zeros; usual is 6, 12, 18, or less for small images"
    #expect(try lines(small + #","model":{"asppRates":[1,40,15,16]}"#) == ["model.asppRates: " + words])
    #expect(try lines(small + #","model":{"kind":"deeplabv3","rates":[40,16]}"#) == ["model.rates: " + words])
    #expect(
      try lines(small, variants: #"[{"name":"A"},{"name":"B","model":{"asppRates":[40,16]}}]"#) == [
        "variants[1].model.asppRates: " + words
      ])
    #expect(try lines(small).isEmpty)
  }

  @Test(arguments: [
    "{}", #"{"learningRate":0.05}"#, #"{"learningRate":0.5,"optimiser":"sgd"}"#, #"{"weightDecay":0.0005}"#,
    #"{"weightDecay":0.05,"optimiser":"adamw"}"#, #"{"earlyStopping":20}"#,
    #"{"earlyStopping":5,"schedule":{"kind":"poly"}}"#,
  ])
  func whatPeopleMeanIsNotNamed(training: String) throws { #expect(try lines(training).isEmpty) }
}
