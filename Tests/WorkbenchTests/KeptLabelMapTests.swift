import Foundation
import Store
import Testing
import Volumes
import Workbench

/// What stands already where label maps are to be written: which is made anew, which is left, and which is never replaced.
@Suite struct KeptLabelMapTests: PredictingSuite {
  let sweep: SmallSweep
  let runs: [RunDirectory]

  init() throws { (sweep, runs) = try SmallSweep.trainedWithRuns() }

  @Test func whatIsDoneIsSkippedAndTheRestIsMade() throws {
    try run(session())
    let first = try bytes("labels/Case3.nii.gz")
    try FileManager.default.removeItem(atPath: sweep.path("labels/Case3.nii.gz"))
    let again = try run(session())
    #expect(again.count(.there) == 7 && again.cases.first { $0.state == .predicted }?.name == "Case3")
    #expect(try bytes("labels/Case3.nii.gz") == first)
    #expect(again.summary(of: "labels") == "labels: 1 predicted, by epoch 1 of \(runs[0].name); 7 there already")
    // Another name of the same run, and its copy elsewhere, are the same networks.
    let copy = sweep.folder.appendingPathComponent("copied")
    try FileManager.default.copyItem(at: runs[0].url, to: copy)
    #expect(try run(session([copy.path])).count(.there) == 8)
  }

  @Test func whatWasMadeOtherwiseIsLeftUnlessForced() throws {
    try run(session())
    let before = try bytes("labels/Case1.nii.gz")
    let refused = try run(session([runs[1].name]))
    #expect(refused.count(.refused) == 8 && !refused.isComplete)
    #expect(try bytes("labels/Case1.nii.gz") == before)
    let words = try #require(refused.cases[0].problem)
    #expect(words.contains("was made by other networks, epoch 1 of \(runs[0].name) (predictions.json); give --force"))
    // By whom what stands there was made, is said there and nowhere else.
    #expect(refused.summary(of: "labels") == "labels: 8 left as it was")
    var mirrored = session()
    mirrored.mirror = true
    #expect(try run(mirrored).cases[0].problem?.contains("was made with other options (predictions.json)") == true)
    var forced = session([runs[1].name])
    forced.force = true
    #expect(try run(forced).count(.predicted) == 8)
    #expect(try run(session([runs[1].name])).count(.there) == 8)
  }

  @Test func anotherImageOfTheSameNameIsSeen() throws {
    try run(session())
    let (one, two) = (sweep.path("phantom/MR/Case1.nii.gz"), sweep.path("phantom/MR/Case2.nii.gz"))
    try FileManager.default.removeItem(atPath: one)
    try FileManager.default.copyItem(atPath: two, toPath: one)
    let outcome = try run(session())
    #expect(outcome.count(.refused) == 1 && outcome.cases[0].state == .refused)
    #expect(outcome.cases[0].problem?.contains("of another image") == true)
  }

  @Test func somebodyElsesLabelMapIsLeft() throws {
    try FileManager.default.createDirectory(atPath: sweep.path("labels"), withIntermediateDirectories: true)
    let mine = sweep.folder.appendingPathComponent("labels/Case2.nii.gz")
    try Data("mine".utf8).write(to: mine)
    let outcome = try run(session())
    #expect(outcome.count(.predicted) == 7 && outcome.cases[1].state == .refused)
    #expect(
      outcome.cases[1].problem
        == "\(mine.path) is not in predictions.json: `safnet predict` did not write it, and does not replace it; give another"
        + " folder, or move it away")
    var forced = session([runs[1].name])
    forced.force = true
    let replaced = try run(forced)
    #expect(replaced.count(.predicted) == 7 && replaced.cases[1].state == .refused)
    #expect(try Data(contentsOf: mine) == Data("mine".utf8))
  }

  /// Of any name: by their cases' names, by their content, and where they lie.
  @Test func masksAreNeverReplaced() throws {
    let files = FileManager.default
    try files.createDirectory(atPath: sweep.path("drawn"), withIntermediateDirectories: true)
    for number in 1...5 {
      try files.copyItem(
        atPath: sweep.path("phantom/Mask/mask_case\(number).nii.gz"), toPath: sweep.path("drawn/Case\(number).nii.gz"))
    }
    var forced = session(to: "drawn")
    forced.force = true
    let error = #expect(throws: ImageUsageError.outputIsMasks(folder: sweep.path("drawn"))) { try run(forced) }
    #expect(error?.description.contains("--force") == false)
    #expect(try files.contentsOfDirectory(atPath: sweep.path("drawn")).count == 5)
    // A mask of the very dataset, under another name; and one that was drawn anew in its place.
    forced = session(nil, [sweep.path("phantom/MR/Case1.nii.gz")], to: "drawn/Case1.nii.gz")
    forced.force = true
    #expect(throws: ImageUsageError.outputIsMask(file: sweep.path("drawn/Case1.nii.gz"))) { try run(forced) }
    let mask = "phantom/Mask/mask_case1.nii.gz"
    try Data("anew".utf8).write(to: sweep.folder.appendingPathComponent(mask))
    forced.output = sweep.path(mask)
    #expect(throws: ImageUsageError.outputIsMask(file: sweep.path(mask))) { try run(forced) }
    #expect(try bytes(mask) == Data("anew".utf8))
    // What this command wrote is replaced as before.
    forced.output = sweep.path("own.nii.gz")
    try run(forced)
    #expect(try run(forced).count(.predicted) == 1)
  }

  /// Outside of any dataset too: what nothing calls this command's own may have been drawn.
  @Test func aMaskOfNobodyKnownIsNeverReplaced() throws {
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    let drawn = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/Mask/mask_case1.nii.gz")))
    let values = drawn.geometry.axes.file(from: drawn.grid, shape: drawn.geometry.shape).map { $0 > 0 ? Int16(1) : 0 }
    let mine = URL(fileURLWithPath: sweep.path("mine.nii.gz"))
    try NIfTI.write(values, geometry: drawn.geometry, to: mine)
    let before = try bytes("mine.nii.gz")
    var forced = session(nil, image, to: "mine.nii.gz")
    forced.force = true
    let error = #expect(throws: ImageUsageError.outputIsForeign(file: sweep.path("mine.nii.gz"))) { try run(forced) }
    #expect(error?.description.contains("Give another name, or remove it yourself.") == true)
    #expect(try bytes("mine.nii.gz") == before)
    // What would lie beside it is no less somebody's.
    try FileManager.default.moveItem(at: mine, to: URL(fileURLWithPath: sweep.path("new_entropy.nii.gz")))
    forced = session(nil, image, to: "new.nii.gz")
    (forced.force, forced.extras) = (true, .uncertainty)
    #expect(throws: ImageUsageError.outputIsForeign(file: sweep.path("new_entropy.nii.gz"))) { try run(forced) }
    #expect(try bytes("new_entropy.nii.gz") == before)
  }

  /// By its header, though the image's name has no room there, or by the record beside it.
  @Test func ownLabelMapsAreKnownAsSuch() throws {
    let long = sweep.path("phantom/" + String(repeating: "long", count: 20) + ".nii.gz")
    try FileManager.default.copyItem(atPath: sweep.path("phantom/MR/Case1.nii.gz"), toPath: long)
    var forced = session(nil, [long], to: "own.nii.gz")
    forced.force = true
    try run(forced)
    #expect(try run(forced).count(.predicted) == 1)
    let image = [sweep.path("phantom/MR/Case1.nii.gz")]
    try run(session(nil, image))
    try Data("corrected by hand".utf8).write(to: sweep.folder.appendingPathComponent("labels/Case1.nii.gz"))
    forced = session(nil, image, to: "labels/Case1.nii.gz")
    forced.force = true
    let changed = ImageUsageError.outputIsChanged(file: sweep.path("labels/Case1.nii.gz"))
    #expect(throws: changed) { try run(forced) }
    #expect(try bytes("labels/Case1.nii.gz") == Data("corrected by hand".utf8))
    try FileManager.default.removeItem(atPath: sweep.path("labels/Case1.nii.gz"))
    #expect(try run(forced).count(.predicted) == 1)
    // In a folder whose record is gone the headers tell.
    try run(session())
    try FileManager.default.removeItem(atPath: sweep.path("labels/predictions.json"))
    let refused = try run(session())
    #expect(refused.count(.refused) == 8)
    #expect(
      refused.cases[0].problem?.contains("was made by `safnet predict`, as its header says, and is not in") == true)
    forced = session()
    forced.force = true
    #expect(try run(forced).count(.predicted) == 8)
  }

  /// What is recorded is the map as it was written; the record alone does not make every later file of its name this command's.
  @Test func aCorrectedMapStaysWhateverIsForced() throws {
    try run(session())
    let (two, corrected) = (sweep.folder.appendingPathComponent("labels/Case2.nii.gz"), Data("corrected by hand".utf8))
    try corrected.write(to: two)
    var forced = session([runs[1].name])
    forced.force = true
    let outcome = try run(forced)
    #expect(outcome.count(.predicted) == 7 && outcome.cases[1].state == .refused)
    #expect(
      outcome.cases[1].problem
        == "\(two.path) was changed since `safnet predict` wrote it, perhaps corrected by hand, and is not replaced; give another"
        + " folder, or remove it to have it made again")
    #expect(try Data(contentsOf: two) == corrected)
    #expect(try run(session()).cases[1].state == .there)
    // As the advice says.
    try FileManager.default.removeItem(at: two)
    #expect(try run(forced).cases.map(\.state).filter { $0 == .predicted }.count == 1)
    // What an older program recorded does not tell; nor does a map whose making was ended before it was marked, until it is.
    let record = sweep.folder.appendingPathComponent("labels/predictions.json")
    let marked = try Data(contentsOf: record)
    var text = try #require(String(data: marked, encoding: .utf8))
    text.replace(/,?\s*"labels"\s*:\s*"[0-9a-f]{64}"/, with: "")
    try Data(text.utf8).write(to: record)
    #expect(try run(session([runs[1].name])).count(.there) == 8)
    #expect(try Data(contentsOf: record) == marked)
  }
}
