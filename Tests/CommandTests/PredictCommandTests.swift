import Foundation
import TestSupport
import Testing

@Suite struct PredictCommandTests {
  private let program: Program
  private let run: String

  init() throws {
    program = try FinishedSweep.copy()
    run = try #require(try program.runNames().first)
  }

  private func arguments(_ output: String) -> [String] {
    ["predict", "--experiment", "small.json", "--variant", "SAFNet", "phantom/MR", "-o", output, "--threads", "1"]
      + ["--uncertainty", "--overlay", "--probabilities", "--components", "largest", "--mirror"]
  }

  /// Every file below a folder but those that are hidden, with its bytes.
  private func files(_ folder: String) throws -> [String: Data] {
    let root = program.folder.appendingPathComponent(folder)
    guard let names = FileManager.default.enumerator(atPath: root.path) else { return [:] }
    var found: [String: Data] = [:]
    for case let name as String in names where !name.split(separator: "/").contains(where: { $0.hasPrefix(".") }) {
      var isFolder: ObjCBool = false
      let file = root.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
        continue
      }
      found[name] = try Data(contentsOf: file)
    }
    return found
  }

  /// Killed at random instants, with what it had made looked at each time: what has its name is whole, and going on ends
  /// in the same files.
  @Test func aKilledPredictionGoesOn() throws {
    let start = ContinuousClock.now
    #expect(try program.start(arguments("whole")).wait().status == 0)
    let microseconds = UInt32(min(5e6, start.duration(to: .now) / .microseconds(1)))
    let whole = try files("whole")
    #expect(whole.count == 8 * 5 + 1)
    var (kills, folders) = (0, 0)
    while kills < 24 {
      folders += 1
      let folder = "killed\(folders)"
      while kills < 24 {
        let child = try program.start(arguments(folder))
        usleep(UInt32.random(in: 0...microseconds))
        kill(child.process.processIdentifier, SIGKILL)
        let ended = try child.wait()
        let found = try files(folder)
        for (name, bytes) in found where name != "predictions.json" { #expect(whole[name] == bytes, "\(name)") }
        if ended.status == 0 { break }
        kills += 1
      }
      let rest = try program.start(arguments(folder)).wait()
      #expect(rest.status == 0, "\(rest.errors)")
      #expect(try files(folder) == whole)
      let all = try FileManager.default.subpathsOfDirectory(
        atPath: program.folder.appendingPathComponent(folder).path)
      #expect(!all.contains { $0.contains(".writing-") || $0.hasSuffix(".partial") }, "\(all)")
    }
  }

  /// What is renamed is said, and a label map that was named otherwise is not taken for the same.
  @Test func levelsAreNamedOneAfterTheOther() throws {
    let image = "phantom/MR/Case1.nii.gz"
    let wrong = try program.start(["predict", run, image, "-o", "labels", "--levels", "ordered"]).wait()
    #expect(
      wrong.status != 0 && wrong.errors.contains("(values: consecutive)") || wrong.errors.contains("'consecutive'"))
    let named = try program.start(["predict", run, image, "-o", "labels", "--levels", "consecutive", "--json"]).wait()
    let outcome = try #require(try JSONSerialization.jsonObject(with: Data(named.output.utf8)) as? [String: Any])
    let one = try #require((outcome["cases"] as? [[String: Any]])?.first)
    let renamed = try #require(one["renamed"] as? [[String: Any]])
    #expect(renamed.isEmpty != named.errors.contains("voxels renamed: "), "\(named.errors)")
    let plain = try program.start(["predict", run, image, "-o", "labels"]).wait()
    #expect(plain.status == 1 && plain.errors.contains("was made with other options"), "\(plain.errors)")
    #expect(
      try program("predict", run, image, "-o", "labels", "--levels", "consecutive").output.contains("1 there already"))
    let alone = try program.start(["predict", run, image, "-o", "alone.nii.gz", "--levels", "consecutive"]).wait()
    #expect(renamed.isEmpty != alone.errors.contains("voxels renamed: "), "\(alone.errors)")
  }

  @Test func aFolderIsSegmentedAndToldAsJSON() throws {
    let text = try program("predict", run, "phantom/MR", "-o", "labels", "--json").output
    let outcome = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let cases = try #require(outcome["cases"] as? [[String: Any]])
    #expect(cases.count == 8 && cases.allSatisfy { $0["state"] as? String == "predicted" })
    #expect((outcome["networks"] as? [[String: Any]])?.first?["run"] as? String == run)
  }

  @Test func aBadImageEndsWithOneAndIsNamed() throws {
    try Data("x".utf8).write(to: program.folder.appendingPathComponent("phantom/MR/Case0.nii"))
    let result = try program("predict", run, "phantom/MR", "-o", "labels")
    #expect(
      result.status == 1 && result.output.contains("8 predicted, by epoch") && result.output.contains("; 1 failed"))
    #expect(result.errors.contains("1 of 9: Case0: error: ") && result.errors.contains("Case0.nii"))
  }

  @Test(arguments: [
    (["predict", "x", "-o", "labels"], "needs a run and an image"),
    (["predict", "x", "", "-o", "labels"], "a name is empty"),
    (
      ["predict", "small.json", "-o", "labels"],
      "an image is missing: safnet predict --experiment small.json --variant NAME IMAGE --output FOLDER"
    ),
    (["predict", "--variant", "SAFNet", "a.nii", "-o", "labels"], "--variant is one of an --experiment"),
    (["predict", "--run", "a", "--experiment", "small.json", "a.nii", "-o", "labels"], "Give --run or --experiment"),
    (
      ["predict", "--experiment", "small.json", "--variant", "Bas", "phantom/MR", "-o", "labels"], "did you mean Base?"
    ),
    (
      ["predict", "--experiment", "small.json", "--variant", "Base", "phantom/MR", "-o", "x.nii"], "8 images are to be"
    ),
    (
      [
        "predict", "--experiment", "small.json", "--variant", "Base", "phantom/MR", "-o", "l", "--components", "L9=all",
      ],
      "there is no structure 'L9'"
    ),
  ])
  func whatCannotBeMeantEndsWithTwo(arguments: [String], words: String) throws {
    let result = try program.start(arguments).wait()
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }

  @Test func twoPredictionsDoNotWriteIntoOneFolder() throws {
    let folder = program.folder.appendingPathComponent("labels")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let lock = try ChildProgram(
      URL(fileURLWithPath: "/usr/bin/env"),
      [
        "python3", "-c",
        "import fcntl,struct,time;f=open('labels/.predict.lock','w+');"
          + "fcntl.fcntl(f,37,struct.pack('hhqqi4x',1,0,0,0,0));print('held',flush=True);time.sleep(60)",
      ], in: program.folder)
    defer { lock.process.terminate() }
    while try String(contentsOf: lock.output, encoding: .utf8).isEmpty, lock.process.isRunning { usleep(10_000) }
    let result = try program("predict", run, "phantom/MR", "-o", "labels")
    #expect(result.status == 2 && result.errors.contains("another `safnet predict` is writing into"))
  }
}
