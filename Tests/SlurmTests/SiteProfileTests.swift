import Foundation
import Slurm
import TestSupport
import Testing

@Suite struct SiteProfileTests {
  let temporary: TemporaryFolder
  init() throws { temporary = try TemporaryFolder() }

  private func load(_ json: String) throws -> SiteProfile {
    try temporary.write("site.json", json)
    return try SiteProfile.load(temporary.file("site.json"))
  }

  private func refusal(_ json: String) -> String {
    #expect(throws: SiteProfileErrors.self) { try load(json) }?.description.replacing(
      temporary.file("site.json").path, with: "site.json") ?? ""
  }

  @Test func anEmptyProfileAsksForNothingSpecial() throws {
    #expect(try load("{}") == SiteProfile())
  }

  @Test func theCommittedExampleIsOne() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let site = try SiteProfile.load(root.appending(path: "Experiments/sites/example.json"))
    #expect(site.partition == "cpu" && site.time?.seconds == 43_200 && site.atOnce == 16)
  }

  @Test func anUnknownKeyIsAnsweredWithTheNearest() {
    #expect(
      refusal(#"{ "partitoin": "cpu" }"#).hasPrefix("site.json:1:3: partitoin: unknown key, did you mean partition?"))
  }

  @Test func everyMistakeIsSaidAtOnce() {
    let words = refusal(#"{ "cpus": 0, "time": "soon", "qos": "a b", "setup": "module load gcc" }"#)
    #expect(words.split(separator: "\n").count == 4)
    #expect(words.contains(#"time: found "soon", expected a time as Slurm writes it"#))
  }

  @Test(arguments: ["--array=1-3", "--mem=4G", "--signal=USR1@60", "--job-name=x", "--wrap=ls"])
  func optionsThatWouldUndoASweepAreRefused(option: String) {
    #expect(refusal(#"{ "options": ["\#(option)"] }"#).contains("is set by this program"))
  }

  @Test func aShortOptionIsRefused() {
    #expect(refusal(#"{ "options": ["-N 2"] }"#).contains("a long option of sbatch"))
  }

  /// Several in one text are told apart; where one of them would be refused, the form is shown by others.
  @Test(arguments: [
    ("--nice=100 --gres=gpu:1", #"; write ["--nice=100","--gres=gpu:1"]"#), ("--nice 5", #"; write ["--nice 5"]"#),
    ("--mem=4G --nice=1", #" such as ["--gres=scratch:10","--nice=100"]"#), ("-N 2", #" such as ["--gres"#),
  ])
  func optionsInOneTextAreShownAsAList(text: String, words: String) {
    let told = refusal(#"{ "options": "\#(text)" }"#)
    #expect(told.contains("options: found \"\(text)\", expected a list\(words)"), "\(told)")
  }

  @Test func anExperimentInItsPlaceIsNamedOnce() {
    let told = refusal(SmallExperiment.json())
    #expect(told.hasPrefix("site.json: it is an experiment, and --site takes what a cluster wants"), "\(told)")
    #expect(!told.contains("\n"))
  }

  @Test func aWarningMustLeaveTimeToTrain() {
    #expect(refusal(#"{ "time": "00:05:00", "warning": 200 }"#).contains("more than half of the time limit 00:05:00"))
  }

  @Test func aFileThatIsNoProfileIsNamed() throws {
    let script = try temporary.write("job.sh", "#!/bin/bash\n#SBATCH -p gpu\n")
    let told = #expect(throws: SiteProfileErrors.self) { try SiteProfile.load(script) }
    #expect(told?.description.contains("it is a script, and --site takes JSON, such as {\"partition\"") == true)
    let error = #expect(throws: SiteProfileErrors.self) { try SiteProfile.load(temporary.file("gone.json")) }
    #expect(
      error?.description
        == "cannot read \(temporary.file("gone.json").path): no such file or directory; check the path: a part of it is missing"
    )
  }

  @Test(arguments: [
    ("90", 5400), ("1:30", 90), ("12:00:00", 43_200), ("1-0", 86_400), ("1-12:30", 131_400), ("2-01:02:03", 176_523),
  ])
  func timesAreReadAsSlurmReadsThem(text: String, seconds: Int) {
    #expect(SlurmTime(text)?.seconds == seconds)
    #expect(SlurmTime(SlurmTime(seconds: seconds).text)?.seconds == seconds)
  }

  @Test(arguments: ["", "soon", "1-", "-5", "1:2:3:4", "0", "1-2-3", "1:-2", "UNLIMITED"])
  func whatIsNoTimeIsRefused(text: String) { #expect(SlurmTime(text) == nil) }

  @Test func memoryIsTheEstimateWithItsMarginInWholeSteps() {
    var site = SiteProfile()
    #expect(site.bytes(estimate: 1 << 30) == 1536 << 20)
    #expect(site.bytes(estimate: 0) == 256 << 20)
    site.memory = 3.9
    #expect(site.bytes(estimate: 1 << 40) == 4 << 30)
  }
}
