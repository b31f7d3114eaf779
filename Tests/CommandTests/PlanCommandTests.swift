import Testing

/// `safnet plan` as it is typed.
@Suite struct PlanCommandTests {
  /// A phantom's own cases are too few, and nobody asks for them.
  @Test func aPhantomIsPlannedWithTheCasesThatAreAssumed() throws {
    let program = try Program()
    let few = ["plan", "small.json", "--no-measure", "--set", "dataset.phantom.cases=1"]
    let refused = try program.start(few).wait()
    #expect(refused.status != 0 && refused.errors.contains("1 case does not make a fold"), "\(refused.errors)")
    let planned = try program.start(few + ["--assume-cases", "10"]).wait()
    #expect(planned.status == 0, "\(planned.errors)")
    #expect(planned.output.contains("Folds: drawn here, 2 by seed 2023."), "\(planned.output)")
  }
}
