import Testing
import Volumes

import Experiments

@Suite struct PredictionPlanTests {
  private func load(_ more: String, set: [String] = []) throws -> Specification {
    try ExperimentFolder(["x.json": experiment(more)]).load(set: set)
  }

  private func mistakes(_ more: String, variants: String = #"[{"name":"SAFNet"}]"#) throws -> [String] {
    try ExperimentFolder(["x.json": experiment(more, variants: variants)]).mistakes()
  }

  @Test func oneWayMayStandAlone() throws {
    #expect(try load("").prediction.isEmpty)
    #expect(try load(#""prediction":{"mirror":true}"#).prediction == [PredictionPlan(mirror: true)])
    let ways = try load(
      #""prediction":[{"mirror":true,"components":["L5","L4"]},{"components":"largest"}]"#
    ).prediction
    #expect(
      ways == [PredictionPlan(mirror: true, components: .named(["L5", "L4"])), PredictionPlan(components: .all)])
    #expect(ways[0].largestOnly(of: ["L4", "L5", "S"]) == ["L4", "L5"], "in the structures' order")
    #expect(
      try load(#""prediction":{"levels":"consecutive"}"#).prediction == [PredictionPlan(levels: .consecutive)])
    #expect(try load("", set: ["prediction.mirror=true"]).prediction == [PredictionPlan(mirror: true)])
  }

  @Test func rowsSayWhatTheyAre() {
    #expect(PredictionPlan(mirror: true).rowName(of: "SAFNet", networks: 1) == "SAFNet + mirror")
    #expect(
      PredictionPlan(mirror: true, components: .all, ensemble: .seeds).rowName(of: "SAFNet", networks: 3)
        == "SAFNet + mirror + largest components + ensemble of 3 seeds")
    #expect(
      PredictionPlan(mirror: true, levels: .consecutive, components: .all).rowName(of: "A", networks: 1)
        == "A + mirror + consecutive levels + largest components")
    #expect(
      PredictionPlan(components: .named(["L4", "S"])).rowName(of: "A", networks: 1) == "A + largest components (L4, S)")
  }

  @Test func theOtherNetworkMayPredict() throws {
    #expect(
      try load(#""prediction":{"checkpoint":"last"}"#).prediction == [PredictionPlan(checkpoint: .last)])
    #expect(
      PredictionPlan(checkpoint: .last, mirror: true).rowName(of: "A", networks: 1) == "A + last epoch + mirror")
    #expect(PredictionPlan(checkpoint: .best).rowName(of: "A", networks: 1) == "A + best epoch")
    #expect(
      try mistakes(#""prediction":{"checkpoint":"best","mirror":true}"#) == [
        "x.json:4:28: prediction.checkpoint: every variant tests its best network anyway (training.evaluate); write"
          + " the other one, or take checkpoint out"
      ])
    #expect(
      try mistakes(#""prediction":{"checkpoint":"best"}"#) == [
        "x.json:4:28: prediction.checkpoint: every variant tests its best network anyway (training.evaluate); write"
          + " the other one, or take this way of predicting out"
      ])
    let variants = #"[{"name":"A"},{"name":"B","training":{"evaluate":"last"}}]"#
    #expect(try mistakes(#""prediction":{"checkpoint":"best"}"#, variants: variants).isEmpty, "B's row is another")
  }

  @Test func mistakesAreSaidOnce() throws {
    #expect(
      try mistakes(#""prediction":{}"#) == [
        "x.json:4:14: prediction: says nothing; the plain prediction is in the tables anyway: write checkpoint,"
          + " mirror, levels, components or ensemble, or take it out"
      ])
    #expect(
      try mistakes(#""prediction":[{"mirror":true},{"mirror":true}]"#).first?.contains("once is enough") == true)
    #expect(try mistakes(#""prediction":{"miror":true}"#).first?.contains("did you mean mirror?") == true)
    #expect(
      try mistakes(#""prediction":{"components":"largst"}"#) == [
        #"x.json:4:28: prediction.components: found "largst", expected "largest", or a list of structures; write "largest""#
      ])
    #expect(
      try mistakes(#""prediction":{"levels":"consecutiv"}"#) == [
        #"x.json:4:24: prediction.levels: found "consecutiv", did you mean consecutive?; allowed: consecutive"#
      ])
    // Null would leave a way that says nothing.
    #expect(
      try mistakes(#""prediction":{"ensemble":"none"}"#) == [
        #"x.json:4:26: prediction.ensemble: found "none"; allowed: seeds, folds"#
      ])
    #expect(
      try mistakes(#""prediction":{"ensemble":"seeds"}"#) == [
        "x.json:4:26: prediction.ensemble: every variant is trained with one seed, so there are no networks to average;"
          + " write \"seeds\": [2023, 2024, 2025] into the experiment's file, or take ensemble out"
      ])
    #expect(try mistakes(#""prediction":{"ensemble":"seeds"},"seeds":[1,2]"#).isEmpty)
    let twins = #"[{"name":"A"},{"name":"A + mirror","model":{"aspp":false}}]"#
    #expect(
      try mistakes(#""prediction":{"mirror":true}"#, variants: twins) == [
        #"x.json:4:14: prediction: its row would be called "A + mirror", as a variant is; give the variant another name"#
      ])
  }

  /// They are known once the labels are.
  @Test func structuresMustBeLearntAndHaveNoSideWhereImagesAreMirrored() throws {
    let labels = #"{"path":"data","labels":{"rib_L":1,"rib_R":2}}"#
    let text = experiment(#""prediction":{"mirror":true,"components":["rib"]}"#, dataset: labels)
    #expect(
      try ExperimentFolder(["x.json": text]).mistakes() == [
        "x.json:4:24: prediction.mirror: a mirrored image exchanges left and right, and these structures are of one side:"
          + " rib_L, rib_R; leave mirror out",
        "x.json:4:43: prediction.components[0]: no structure is named \"rib\"; there are rib_L, rib_R",
      ])
  }

  @Test func levelsMustBeLearntWhereTheyAreNamed() throws {
    func mistakes(_ labels: String) throws -> [String] {
      let dataset = #"{"path":"data","labels":\#(labels)}"#
      return try ExperimentFolder([
        "x.json": experiment(#""prediction":{"levels":"consecutive"}"#, dataset: dataset)
      ]).mistakes()
    }
    #expect(
      try mistakes(#"{"liver":1,"L5":2}"#) == [
        "x.json:4:24: prediction.levels: the names of the structures (liver, L5) tell no spine: two levels or more, such as"
          + " L4 and L5, or L3/L4 and L4/L5, and each once; leave levels out"
      ])
    #expect(try mistakes(#"{"liver":1,"L5":2,"L4":3}"#).isEmpty)
  }

  /// What was scored before levels could be named, and the other network be taken, keeps its identity.
  @Test func aWayOfEarlierProgramsHasItsIdentity() throws {
    let fold = Fold(number: 1, train: ["a", "b"], validation: ["c"], test: ["d"])
    func identities(_ more: String) throws -> [String] {
      let specification = try load(more)
      let runs = specification.seededVariants.map { variant in
        PlannedRun(
          variant: variant.variant.name,
          plan: specification.plan(
            for: variant, fold: fold, labels: .mrSpineSeg, dataset: DatasetFingerprint(digest: "x", cases: 4)))
      }
      return specification.predictions(of: runs).map(\.identity)
    }
    let mirror = try identities(#""prediction":{"mirror":true}"#)
    let all = try identities(
      #""prediction":[{"mirror":true},{"mirror":true,"levels":"consecutive"},{"mirror":true,"checkpoint":"last"}]"#)
    #expect(all.count == 3 && all[0] == mirror[0] && Set(all).count == 3)
  }

  @Test func plansDoNotKnowOfPredictions() throws {
    let fold = Fold(number: 1, train: ["a", "b"], validation: ["c"], test: ["d"])
    func identity(_ more: String) throws -> String {
      let specification = try load(more)
      return specification.plan(
        for: specification.seededVariants[0], fold: fold, labels: .mrSpineSeg,
        dataset: DatasetFingerprint(digest: "x", cases: 4)
      ).identity
    }
    #expect(try identity("") == identity(#""prediction":{"mirror":true}"#))
  }
}
