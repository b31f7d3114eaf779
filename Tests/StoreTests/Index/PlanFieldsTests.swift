import Foundation
import JSON
import Store
import TestSupport
import Testing

/// Plans in the index: each member is kept once, and the whole is what was stored.
@Suite struct PlanFieldsTests {
  private static let plans = [
    #"{"a":{"x":1,"y":[1,2]},"b":"q,{","seed":7}"#, #"{"a":{"x":2,"y":[1,2]},"b":"q,{"}"#,
    #"{"a":{"x":1,"y":[1,2,3]},"b":"\"}","c":false}"#, #"{"a":{"x":1,"y":[1,2]},"b":"q,{"}"#, "plan", "{}", "[1,2]",
    #"{"a" :1}"#,
  ]

  private func indexed(_ body: ([IndexedRun]) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder)
      try workspace.prepare()
      for (number, plan) in Self.plans.enumerated() {
        try workspace.runDirectory(named: "run-\(number)").create(
          planJSON: Data(plan.utf8), identity: sha256(plan), environment: Fixture.environment())
      }
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      try body(try index.runs())
    }
  }

  @Test func plansComeBackAsTheyAre() throws {
    try indexed { runs in #expect(runs.map(\.plan) == Self.plans) }
  }

  @Test func fieldsAreTheDifferencesOfTheWholePlans() throws {
    try indexed { runs in
      let own = Array(runs[..<4])
      let values = own.map { try? JSONParser.parse(Array($0.plan.utf8), origin: .file("")).value }
      let expected = JSONDifference.between(values, .leaves).sorted { $0.path.description < $1.path.description }
      #expect(PlanFields(of: own).differences == expected)
      #expect(expected.map(\.path.description) == ["a.x", "a.y[2]", "b", "c", "seed"])
      #expect(PlanFields(of: own, leaving: ["a"]).fields.map(\.path.description) == ["b", "c", "seed"])
      #expect(PlanFields(of: own, leaving: ["a.x", "seed"]).fields.map(\.path.description) == ["a.y[2]", "b", "c"])
      #expect(PlanFields(of: [own[0], own[0]]).fields.isEmpty)
    }
  }

  @Test func plansAsTextsDifferInTheSameFields() throws {
    try indexed { runs in
      let own = Array(runs[..<4])
      let texts = PlanFields(PlanParts(plans: own.map(\.plan)))
      #expect(texts.differences == PlanFields(of: own).differences)
      let seed = try #require(texts.fields.last)
      #expect(seed.texts == ["7", nil] && seed.places == [0, 1, 1, 1])
      // One that has no plan has no field.
      #expect(PlanFields(PlanParts(plans: [own[0].plan, ""])).fields.allSatisfy { $0.text(ofRun: 1) == nil })
    }
  }

  /// Parts that no run has any more go with the last one.
  @Test func partsOfRemovedRunsGo() throws {
    try withTemporaryFolder { folder in
      let workspace = Workspace(folder)
      try workspace.prepare()
      for (number, plan) in Self.plans[..<4].enumerated() {
        try workspace.runDirectory(named: "run-\(number)").create(
          planJSON: Data(plan.utf8), identity: sha256(plan), environment: Fixture.environment())
      }
      let index = WorkspaceIndex(workspace)
      try index.refresh()
      _ = try workspace.runDirectory(named: "run-2").remove()
      #expect(try index.refresh().removed == 1)
      #expect(try index.runs().map(\.plan) == [Self.plans[0], Self.plans[1], Self.plans[3]])
      let incremental = try GeneratedRuns.answers(index)
      try index.rebuild()
      #expect(try GeneratedRuns.answers(index) == incremental)
    }
  }
}
