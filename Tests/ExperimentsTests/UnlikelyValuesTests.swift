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

  @Test(arguments: [
    "{}", #"{"learningRate":0.05}"#, #"{"learningRate":0.5,"optimiser":"sgd"}"#, #"{"weightDecay":0.0005}"#,
    #"{"weightDecay":0.05,"optimiser":"adamw"}"#, #"{"earlyStopping":20}"#,
    #"{"earlyStopping":5,"schedule":{"kind":"poly"}}"#,
  ])
  func whatPeopleMeanIsNotNamed(training: String) throws { #expect(try lines(training).isEmpty) }
}
