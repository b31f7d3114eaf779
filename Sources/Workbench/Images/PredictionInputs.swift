import Experiments
import Foundation
import Reporting
import Store
import System
import Text
import Volumes

/// What `safnet predict` was given, looked at before anything is opened.
package struct PredictionInputs {
  private let words: [String]

  /// - Parameter words: images and folders of them; for `checkOrder` with the run before them.
  package init(_ words: [String]) { self.words = words }

  /// What can be read as a run, is one, whatever else is called so.
  ///
  /// - Throws: `ImageUsageError.imageFirst` where the first word is a file or a folder and no run.
  package func checkOrder(in workspace: Workspace) throws {
    guard let first = words.first, WeightsFile(first) == nil, PredictionFiles.exists(URL(fileURLWithPath: first)),
      !first.hasSuffix(".json"), BlockedPath(URL(fileURLWithPath: first)).map(\.isMovable) != false,
      !Self.isRun(first), !RunDirectory(URL(fileURLWithPath: first).deletingLastPathComponent()).exists,
      !Self.isName(first, in: workspace)
    else { return }
    let run = words.dropFirst().first {
      Self.isRun($0) || NIfTIFiles.stem($0) == nil && Self.isName($0, in: workspace)
    }
    let folder = URL(fileURLWithPath: first, isDirectory: true)
    if run == nil, Workspace(folder).exists { throw ImageUsageError.workspaceFirst(given: first) }
    if run == nil, let what = Self.what(folder) { throw ImageUsageError.otherFirst(given: first, what: what) }
    // What keeps it from being taken is told before its place.
    if let run { try PredictionRuns.check(run, in: workspace) }
    throw ImageUsageError.imageFirst(given: first, run: run)
  }

  /// What stands there and is neither a run nor images; nil of all else.
  private static func what(_ place: URL) -> String? {
    let (name, above) = (place.lastPathComponent, place.deletingLastPathComponent())
    func holds(_ file: String) -> Bool { PredictionFiles.exists(place.appendingPathComponent(file)) }
    if ReportRecord(in: place) != nil { return "a report" }
    guard VolumeList.isFolder(place) else {
      return NIfTIFiles.stem(name) == nil && ReportRecord(in: above) != nil ? "a file of a report" : nil
    }
    let inside = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    if inside.contains(where: { holds("\($0)/report.json") }) { return "a folder of reports" }
    if holds("pipeline.json") { return "what `safnet export` wrote" }
    let workspace = Workspace(above)
    let kept = [workspace.runsFolder, workspace.cacheFolder].map(\.lastPathComponent)
    if workspace.exists, kept.contains(name) { return "a folder of the workspace \(above.relativePath)" }
    return DatasetPlace(of: place)?.dataset == place.physicalFileURL ? "a dataset" : nil
  }

  /// - Parameter runs: those that were named; empty where a variant was.
  /// - Throws: `ImageUsageError` for a run among the images, and for a pattern that the shell has not replaced; `DatasetErrors` for
  ///   an image or a folder that is not there.
  func checkWords(besides runs: [String], in workspace: Workspace) throws {
    for word in words where !PredictionFiles.exists(URL(fileURLWithPath: word)) {
      if let pattern = UnreadPattern(word) { throw ImageUsageError.unreadPattern(pattern) }
      let (place, isImage) = (URL(fileURLWithPath: word), NIfTIFiles.stem(word) != nil)
      if !isImage, Self.isName(word, in: workspace) { throw try refusal(of: word, besides: runs, in: workspace) }
      // What an image's link leads to, and what keeps it from being looked at, is told with the image.
      if BlockedPath(place) != nil || isImage && !Self.isAbsent(place) { continue }
      throw DatasetErrors(nothingAt: place)
    }
    for word in words where Self.isRun(word) { throw try refusal(of: word, besides: runs, in: workspace) }
  }

  /// Whether nothing is there, as far as can be seen; a link that leads to nothing is something.
  private static func isAbsent(_ place: URL) -> Bool {
    access(place.path, F_OK) != 0 && errno == ENOENT && DeadLink(at: place) == nil
  }

  /// Of a name that stands among the images, with all others that do.
  ///
  /// - Throws: what keeps the runs before them from being taken, as no `--run` would change that.
  private func refusal(of word: String, besides runs: [String], in workspace: Workspace) throws -> ImageUsageError {
    for run in runs { try PredictionRuns.check(run, in: workspace) }
    let others = words.filter {
      Self.isRun($0)
        || !PredictionFiles.exists(URL(fileURLWithPath: $0)) && NIfTIFiles.stem($0) == nil
          && Self.isName($0, in: workspace)
    }
    let strangers = others.distinct.filter { !runs.contains($0) }
    if strangers.isEmpty { return .runTwice(name: word) }
    let run = Self.isRun(word) ? word : (try? workspace.run(named: word))?.name
    let isVariant = run == nil && Self.isVariant(word, in: workspace)
    return .runAmongImages(given: word, run: isVariant ? nil : run ?? word, runs: runs, others: strangers)
  }

  /// Whether it is the name of a run or of several, their beginning, or a variant's.
  private static func isName(_ word: String, in workspace: Workspace) -> Bool {
    begins(word, in: workspace) || (try? workspace.run(named: word)) != nil || isVariant(word, in: workspace)
  }

  private static func isVariant(_ word: String, in workspace: Workspace) -> Bool {
    let isLiteral = begins(word, in: workspace)
    return NamedInstead(word, in: workspace, takesVariants: true, isLiteral: isLiteral).variant != nil
  }

  /// Whether a run's name begins so.
  private static func begins(_ word: String, in workspace: Workspace) -> Bool {
    ((try? workspace.runNames()) ?? []).contains { $0.hasPrefix(word) }
  }

  /// Whether a path is that of a run's directory; a link to itself is none, though what lies below it cannot be looked at.
  private static func isRun(_ word: String) -> Bool {
    let place = URL(fileURLWithPath: word, isDirectory: true)
    return VolumeList.isFolder(place) && RunDirectory(place).exists
  }

  /// - Throws: an output that is the workspace, or in the folders that it keeps for itself.
  static func check(output: String, beside workspace: Workspace) throws {
    func path(_ url: URL) -> String { url.resolvingSymlinksInPath().standardizedFileURL.path + "/" }
    let target = path(URL(fileURLWithPath: output))
    let kept = [workspace.runsFolder, workspace.cacheFolder].map(path)
    guard workspace.exists, target == path(workspace.root) || kept.contains(where: target.hasPrefix) else { return }
    throw ImageUsageError.outputInWorkspace(output: output, workspace: workspace.root.path)
  }

  /// Before anything is read: that nothing stands in the way of the output. Whether the folder of a single file is there is
  /// asked when it is known that one image goes into it.
  static func checkPlace(of output: String) throws {
    let target = URL(fileURLWithPath: output)
    if let address = AddressForOutput(output) { throw address }
    if isFile(output) {
      try OutputPlace.refuseDeadLink(output, at: target, makesNew: true)
      try Folder.checkCreation(target.deletingLastPathComponent())
    } else if !PredictionFiles.exists(target) || VolumeList.isFolder(target) {
      try OutputPlace.requireFolder(output, at: target)
    }
  }

  /// Whether one label map is meant, and no folder of them.
  static func isFile(_ output: String) -> Bool {
    let target = URL(fileURLWithPath: output)
    return NIfTIFiles.stem(target.lastPathComponent) != nil && !VolumeList.isFolder(target)
  }

  /// - Throws: a folder of images, or that of an image, that is the output too; a folder of label maps that were predicted.
  func checkFolders(output: String) throws(ImageUsageError) {
    let target = URL(fileURLWithPath: output)
    for word in words {
      let given = URL(fileURLWithPath: word)
      let isFolder = VolumeList.isFolder(given)
      let folder = isFolder ? given : given.deletingLastPathComponent()
      if SameFiles.areOne(folder, target) { throw .outputIsInputFolder(folder: output) }
      guard isFolder else { continue }
      if PredictionFiles.exists(folder.appendingPathComponent(PredictionRecord.name)) {
        throw .inputIsPredictions(folder: word)
      }
      if let images = DatasetMasks.images(of: folder) {
        throw .inputIsMasks(folder: word, images: images.relativePath, output: output)
      }
      let run = RunDirectory(folder.deletingLastPathComponent())
      if run.exists, folder.lastPathComponent == run.predictionsFolder.lastPathComponent {
        throw .inputIsRunsPredictions(folder: word, run: run.name)
      }
    }
  }
}
