import Scheduling
import Testing
import Workbench

/// What is said where nothing else than the words is to be seen; when it is said is tested beside what says it.
@Suite struct RefusalWordsTests {
  @Test func masksInThePlaceOfImagesAreToldWhereTheImagesAre() {
    let words =
      "d/labelsTs holds the masks of a dataset, and no images: nothing was predicted. Its images are in d/imagesTs:"
      + " give that folder in its place, with the same --output 'my maps'."
    let refusal = ImageUsageError.inputIsMasks(folder: "d/labelsTs", images: "d/imagesTs", output: "my maps")
    #expect(refusal.description == words)
  }

  @Test func aRunsOwnLabelMapsAreCalledSo() {
    let words =
      "w/predictions holds the label maps that the run safnet-f1 predicted of its test cases, and no images. Give the"
      + " images' own folder."
    let refusal = ImageUsageError.inputIsRunsPredictions(folder: "w/predictions", run: "safnet-f1")
    #expect(refusal.description == words)
  }

  @Test func whatRemovesABusyRunLaterIsSaid() {
    let one = BusyRuns.Trained(name: "one", words: "one, by process 7 on here")
    let words =
      "a run that is being trained is not removed:\n  one, by process 7 on here\nOnce it has ended it is interrupted,"
      + " and `safnet runs remove one --yes` takes it"
    #expect(UsageError.runsAreBusy(BusyRuns(trained: [one])).description == words)
    let other = BusyRuns.Trained(name: "my run", words: "my run, by process 8 on here")
    let both = BusyRuns(trained: [one, other], workspace: ["--workspace", "/w/other one"])
    #expect(
      UsageError.runsAreBusy(both).description
        == "a run that is being trained is not removed:\n  one, by process 7 on here\n  my run, by process 8 on here\n"
        + "Once they have ended they are interrupted, and `safnet runs remove one 'my run' --workspace '/w/other one' --yes`"
        + " takes them")
  }

  @Test func whatRemovesAWaitingRunLaterIsTheSameCommand() {
    let names = (1...7).map { "r\($0)" }
    let waiting = [BusyRuns.Awaited(names: names, sweep: "A: end it."), .init(names: ["r9"], sweep: "B: end it.")]
    let words =
      "a run that waits in a sweep that is at work is not removed:\n  r1, r2, r3, r4, r5 and 2 more wait for A: end it.\n"
      + "  r9 waits for B: end it.\nOnce that has ended, the same command takes them"
    #expect(UsageError.runsAreBusy(BusyRuns(awaited: waiting)).description == words)
    let trained = BusyRuns.Trained(name: "r8", words: "r8, by process 7 on here")
    let both = BusyRuns(trained: [trained], awaited: [waiting[1]]).description
    #expect(
      both.hasSuffix(
        "takes it\na run that waits in a sweep that is at work is not removed:\n  r9 waits for B: end it.\n"
          + "Once that has ended, the same command takes it"), "\(both)")
  }

  @Test(arguments: [("Workspace", ""), ("/w/other", " --workspace /w/other")])
  func aPatternWithoutAMatchLeadsToTheListOfItsWorkspace(workspace: String, option: String) {
    let words =
      "'saf*' is a pattern, and runs are called by their names here; none in \(workspace) is called so. `safnet runs"
      + " list\(option)` shows all."
    let refusal = UsageError.patternForRun(name: "saf*", workspace: workspace, matching: [])
    #expect(refusal.description == words)
  }

  @Test func whatACaseThatIsNotTestedDoesIsSaid() {
    let words =
      "--overlay Case1: this case of the dataset is in no test that was done: it trains, or chooses checkpoints. There"
      + " are Case2."
    let refusal = UsageError.noTestCase(name: "Case1", nearest: nil, known: ["Case2"], isUntested: true)
    #expect(refusal.description == words)
  }

  @Test func oneRunThatIsWaitedForIsOne() {
    let words =
      "nothing else is left to start: this command waits for that run, and goes on with what is left unfinished;"
      + " Ctrl-C ends the waiting and nothing else"
    #expect(ProgressText.event(.idle(elsewhere: 1)) == words)
  }
}
