import Testing

/// What is said beside a wrong value: nothing that follows from it, and all that stands by itself.
@Suite struct FollowUpMistakeTests {
  @Test func followUpsOfAWrongValueAreNotReported() throws {
    let text = experiment(#""report":{"baseline":"B"}"#, variants: #"[{"name":"A"},{"name":7,"model":{"aspp":false}}]"#)
    #expect(
      try ExperimentFolder(["x.json": text]).mistakes() == [
        "x.json:3:34: variants[1].name: found 7, expected a text: write it in double quotes, \"7\""
      ])
    let folds = experiment(#""folds":{"count":1,"validation":2}"#, dataset: #"{"path":"d","phantom":{"cases":6}}"#)
    #expect(
      try ExperimentFolder(["x.json": folds]).mistakes() == ["x.json:4:18: folds.count: found 1, allowed: 2 to 1000"])
  }

  /// A wrong value is replaced by a default, which must not be judged in its place.
  @Test(arguments: [
    (
      #""model":{"kind":"safnett"}"#, #"[{"name":"A","model":{"kind":"safnet"}},{"name":"B"}]"#, #"{"path":"d"}"#,
      "model.kind: found"
    ),
    (
      #""training":{"epochs":"ten"}"#, #"[{"name":"A","training":{"epochs":50}},{"name":"B"}]"#, #"{"path":"d"}"#,
      "training.epochs: found"
    ),
    (
      #""preprocessing":{"size":[20,225]},"model":{"kind":"nnunet"}"#, #"[{"name":"A"}]"#, #"{"path":"d"}"#,
      "preprocessing.size: found 2 elements"
    ),
    (
      #""preprocessing":{"sizes":[20,256,128]},"model":{"kind":"nnunet"}"#, #"[{"name":"A"}]"#, #"{"path":"d"}"#,
      "preprocessing.sizes: unknown key"
    ),
    (
      #""training":{"pach":[16,256,128]},"model":{"kind":"nnunet"}"#, #"[{"name":"A"}]"#, #"{"path":"d"}"#,
      "training.pach: unknown key"
    ),
    (
      #""training":{"schedule":{"kind":"poli","exponent":1}}"#, #"[{"name":"A"}]"#, #"{"path":"d"}"#,
      "training.schedule.kind: found"
    ),
    (
      #""augmentation":{"elastic":{"millimetres":10,"controlSpacing":"50"}}"#, #"[{"name":"A"}]"#, #"{"path":"d"}"#,
      "augmentation.elastic.controlSpacing: found"
    ),
    (
      #""report":{"groups":{"low":["X"]}}"#, #"[{"name":"A"}]"#,
      #"{"path":"d","layout":"mrspineseg","labels":{"X":"1"}}"#, "dataset.labels.X: found"
    ),
    (#""report":{"baseline":"A"}"#, "null", #"{"path":"d"}"#, "the key variants is missing"),
  ])
  func whatFollowsFromADefaultIsNotSaid(fields: String, variants: String, dataset: String, words: String) throws {
    let mistakes = try ExperimentFolder(["x.json": experiment(fields, variants: variants, dataset: dataset)]).mistakes()
    #expect(mistakes.count == 1 && mistakes[0].contains(words), "\(mistakes)")
  }

  /// Nor is anything else left unsaid that stands by itself.
  @Test func mistakesOfOtherPartsAreStillNamedTogether() throws {
    let text = experiment(
      #""preprocessing":{"crop":"half"},"training":{"schedule":{"minimum":0.01}}"#,
      variants: #"[{"name":"A"},{"name":"B"},{"name":"C","model":{"kind":"cfnett"}}]"#)
    let mistakes = try ExperimentFolder(["x.json": text]).mistakes()
    #expect(mistakes.count == 3, "\(mistakes)")
  }
}
