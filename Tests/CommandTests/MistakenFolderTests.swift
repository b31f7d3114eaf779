import Foundation
import Testing

/// Folders that people name for what a command writes.
@Suite struct MistakenFolderTests: MistakeSuite {
  let program: Program
  let run: String

  init() throws { (program, run) = try FinishedSweep.copyWithRun() }

  /// Other programs read what lies among images.
  @Test func aWorkspaceInADataset() throws {
    let words =
      "lies among its images, for which other programs would take what is written there. Give a folder outside: --workspace "
    for place in ["phantom", "phantom/MR", "phantom/Mask/runs"] {
      try expect(["run", "small.json", "--workspace", place], [words])
    }
    let beside = try refused(["run", "small.json", "--dry-run", "--workspace", "phantom/Workspace"])
    #expect(
      beside.status == 0 && beside.errors.contains("/phantom, and goes wherever that is copied; to keep runs apart"))
    let runs = program.folder.appending(path: "phantom/MR/runs")
    try FileManager.default.createDirectory(at: runs, withIntermediateDirectories: true)
    let begun = try refused(["run", "small.json", "--dry-run", "--workspace", "phantom/MR"])
    #expect(begun.status == 0 && begun.errors.contains("lies among the images of the dataset"))
    try FileManager.default.removeItem(at: runs)
    let usual = try refused(["run", "small.json", "--dry-run", "--workspace", "Other"])
    #expect(usual.status == 0 && !usual.errors.contains("goes wherever that is copied"))
  }

  @Test func exportSaysWhatItCanWrite() throws {
    try expect(["export", "RUN", "-o", "m"], ["onnx, pytorch, nnunet, bids, tensorboard, mlflow"])
    try expect(
      ["export", "RUN", "--format", "onnx", "-o", "m.onnx"],
      ["--output m.onnx reads like a file's name", "for a folder of just that name give m.onnx/"])
    #expect(try refused(["export", "RUN", "--format", "onnx", "-o", "m.onnx/"]).status == 0)
  }

  @Test func imagesAndTheirLabelMapsDoNotShareAFolder() throws {
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "scans"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: program.folder.appending(path: "phantom/MR/Case1.nii.gz"),
      to: program.folder.appending(path: "scans/Case1_0000.nii.gz"))
    try expect(
      ["predict", "RUN", "scans", "-o", "./scans/"], ["--output ./scans/ is the folder of the images", "Give another"])
    try expect(
      ["predict", "RUN", "scans/Case1_0000.nii.gz", "-o", "scans"], ["--output scans is the folder of the images"])
    #expect(try refused(["predict", "RUN", "scans", "-o", "labels"]).status == 0)
    try expect(["predict", "RUN", "labels", "-o", "more"], ["labels holds label maps that `safnet predict` wrote"])
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "more").path))
  }

  @Test func aReportIsNotWrittenAmongImagesOrRuns() throws {
    for (folder, words) in [
      ("phantom", "is the dataset's folder"), ("phantom/MR", "holds 8 images or label maps"),
      ("Workspace/runs", "holds the runs"),
    ] {
      let before = try program.contents()
      let result = try refused(["report", "small.json", "--output", folder])
      #expect(result.status == 1 && result.errors.contains(words) && result.errors.contains("--output"))
      #expect(try program.contents() == before)
    }
    try FileManager.default.createDirectory(
      at: program.folder.appending(path: "mine"), withIntermediateDirectories: true)
    try Data("x".utf8).write(to: program.folder.appending(path: "mine/thesis.tex"))
    let among = try refused(["report", "small.json", "-o", "mine", "--format", "latex"])
    #expect(among.status == 0 && among.errors.contains("/mine holds 1 other file (thesis.tex), which stay"))
    try expect(
      ["report", "small.json", "-o", "."],
      ["is the working directory and holds ", "Give a folder of its own, such as -o Reports/small"], status: 1)
    // A home folder may hold hidden files alone.
    let home = program.folder.appending(path: "home")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    try Data().write(to: home.appending(path: ".profile"))
    let there = try program.start(["report", "small.json", "-o", "home"], environment: ["HOME": home.path]).wait()
    #expect(
      there.status == 1 && there.errors.contains("/home is the home folder and holds 1 other file"),
      "\(there.errors)")
    try expect(["report", "small.json", "--check", "--output", "nowhere"], ["there is no folder "], status: 1)
    try expect(
      ["report", "small.json", "-o", "table.html"],
      ["--output table.html reads like a file's name", "with --format the kinds"], status: 1)
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "table.html").path))
    try expect(
      ["report", "small.json", "--overlay", "Case1,Case2"], ["no such test case", "Several stand with blanks between."])
  }

  /// Before a command that takes a dataset, what is ours is none.
  @Test(arguments: [
    ("Workspace", "`safnet status --workspace Workspace` shows its runs.\n"),
    ("Workspace/runs/RUN", "`safnet runs show Workspace/runs/RUN` shows the run.\n"),
  ]) func aWorkspaceOrARunBeforeACommandIsNoDataset(place: String, words: String) throws {
    try expect([place, "dataset", "check"], ["\(place) stands where a command must. \(words)"])
  }

  @Test func aDryRunRefusesTheWorkspaceThatTheRunWould() throws {
    let dry = try refused(["run", "small.json", "--workspace", "small.json", "--dry-run"])
    let wet = try refused(["run", "small.json", "--workspace", "small.json"])
    #expect(dry.status == wet.status && dry.status != 0)
    #expect(dry.errors.split(separator: "\n").last == wet.errors.split(separator: "\n").last)
  }

  /// Other programs write to standard output then.
  @Test func aDashIsNoFolderAndNoFile() throws {
    let (folder, file) = ("-: a folder of files is written here, and none", "-: a file is written here, and it does")
    try expect(
      ["report", "small.json", "-o", "-"], ["--output -: a report is a folder of files", "and --print chooses"])
    try expect(["export", "RUN", "--format", "onnx", "-o", "-"], [folder])
    try expect(["predict", "RUN", "phantom/MR", "-o", "-"], ["--output -: label maps are files"])
    try expect(["dataset", "phantom", "-"], [folder])
    try expect(["verify", "--keep", "-"], [folder])
    try expect(["new", "phantom", "-o", "-"], ["--output \(file)"])
    try expect(["dataset", "import", "-", "--bids", "phantom"], [file])
    try expect(["evaluate", "phantom/Mask", "phantom/Mask", "--csv", "-"], [file])
    try expect(["run", "small.json", "--workspace", "-"], ["--workspace \(folder)"])
    #expect(!FileManager.default.fileExists(atPath: program.folder.appending(path: "-").path))
  }

  @Test func anAddressOrAnArchiveIsNoFolder() throws {
    for place in ["s3://b/x", #"C:\r"#, "host:/r"] {
      for words in [
        ["report", "small.json", "-o"], ["export", "RUN", "--format", "pytorch", "-o"],
        ["predict", "RUN", "phantom/MR", "-o"], ["predict", "RUN", "phantom/MR/Case1.nii.gz", "--output"],
        ["dataset", "phantom"], ["run", "small.json", "--workspace"],
      ] {
        try expect(words + [place], ["\(place): is a"])
      }
    }
    try expect(
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", "s3://b/x.nii.gz"], ["s3://b/x.nii.gz: is an address"])
    for name in ["r.zip", "r.tar.gz", "r.pdf", "r.docx", "r.eps", "r.jpg", "r.tsv", "r.xml", "r.bz2", "r.nii"] {
      try expect(
        ["report", "small.json", "-o", name],
        ["--output \(name) reads like a file's name", "such as -o report, whose page is report.html in it"], status: 1)
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!names.contains { $0.hasPrefix("s3") || $0.hasPrefix("C:") || $0.hasPrefix("r.") }, "\(names)")
  }

  /// A folder further up belongs to everything in it.
  @Test func aReportIsNotStrewnAboveTheWorkingDirectory() throws {
    try expect(
      ["report", "small.json", "-o", ".."],
      [" is a folder above the working directory and holds ", "Give a folder of its own, such as -o Reports/small"],
      status: 1)
  }

  /// Nor are label maps.
  @Test(arguments: [".", ".."]) func labelMapsAreNotStrewnWhereEverythingLies(folder: String) throws {
    try expect(
      ["predict", "RUN", "phantom/MR/Case1.nii.gz", "-o", folder],
      ["--output \(folder) is ", "Give a folder of its own, such as -o labels, or write there all the same with"])
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.path)
    #expect(!names.contains("Case1.nii.gz"))
  }

  @Test(arguments: [
    ["report", "small.json", "-o", "/dev/null"], ["export", "RUN", "--format", "onnx", "-o", "/dev/null/o"],
    ["predict", "RUN", "phantom/MR", "-o", "/dev/null/o"],
  ]) func aDeviceIsNotToBeMovedAway(arguments: [String]) throws {
    try expect(
      arguments, ["/dev/null is a device, and a folder is needed there: give another path.\n"], status: 1)
  }

  @Test(arguments: [
    ("me@example.org", "--notify: me@example.org is an address, and --notify takes a command"),
    ("https://a.org/x", "--notify 'curl --silent --data @- https://a.org/x'"),
  ]) func anAddressIsNoCommand(given: String, words: String) throws {
    try expect(["run", "small.json", "--dry-run", "--notify", given], [words])
  }
}
