import Experiments
import Foundation
import Networks
import Reporting
import Store
import System
import Text
import Training
import Volumes

/// `safnet predict`: label maps of images, by one trained run or by several.
///
/// Images are read, segmented and written one after the other by networks that are made once, so that many take no more
/// memory than one. Every file takes its place in one step; a killed prediction goes on where it stopped.
package struct PredictionSession {
  package var runs: PredictionRuns.Choice
  /// Images and folders of them.
  package var inputs: [String]
  /// A folder, or for one image a label map's own name.
  package var output: String
  package var checkpoint = TrainedNetworks.Choice.best
  package var mirror = false
  package var levels: PredictionPlan.Levels?
  /// As it was given: `largest`, `all`, `STRUCTURE=largest`.
  package var components: [String] = []
  package var extras: Predictor.Extras = []
  /// Whether label maps that were made otherwise are replaced.
  package var force = false
  /// Nil: all cores.
  package var threads: Int?

  package init(runs: PredictionRuns.Choice, inputs: [String], output: String) {
    (self.runs, self.inputs, self.output) = (runs, inputs, output)
  }

  /// - Parameter console: where progress and warnings go.
  /// - Throws: what keeps all images from being segmented: the command, a run, a full disk. What is wrong with one image
  ///   is told in the outcome.
  package func run(in workspace: Workspace, program: RunningProgram, console: any Console) throws -> PredictionOutcome {
    guard !output.isEmpty else { throw ImageUsageError.noOutput }
    guard output != "-" else { throw ImageUsageError.outputIsStream }
    try PredictionInputs.check(output: output, beside: workspace)
    try PredictionInputs.checkPlace(of: output)
    let named = if case .named(let names) = runs { names } else { [String]() }
    try PredictionInputs(inputs).checkWords(besides: named, in: workspace)
    try PredictionInputs(inputs).checkFolders(output: output)
    let chosen = try PredictionRuns(runs, in: workspace)
    let seen = try chosen.directories.first?.plan(networks: program.networks, losses: program.losses)
    let list = try VolumeList(inputs.map { URL(fileURLWithPath: $0) }, channels: seen?.dataset.channels ?? [0])
    for line in DatasetNotice.lines(list.notices) { console.error("note: \(line)") }
    for words in list.doubts { console.error("warning: \(words)") }
    let target = URL(fileURLWithPath: output)
    if NIfTIFiles.stem(target.lastPathComponent) == nil, OutputName.readsLikeAFile(output),
      !PredictionFiles.exists(target)
    {
      throw ImageUsageError.outputIsNoLabelMap(name: output)
    }
    let isFile = PredictionInputs.isFile(output)
    let places =
      isFile ? [try place(of: list, target)] : try list.entries.map { try place(of: $0, in: target) }
    if !isFile, DatasetMasks.belong(in: target) { throw ImageUsageError.outputIsDataset(folder: output) }
    if !isFile { try checkSharing(of: target, beside: workspace) }
    if !isFile, DatasetMasks.fill(target, of: list.entries.map(\.name)) {
      throw ImageUsageError.outputIsMasks(folder: output)
    }
    for notice in chosen.notices { console.error("warning: \(notice)") }
    if let coverage = chosen.coverage { console.error(coverage) }
    let networks = try TrainedNetworks(
      chosen.directories, choice: checkpoint, engine: program.engine, threads: threads ?? Machine.current().cores,
      networks: program.networks, losses: program.losses)
    let structures = networks.plan.structures
    let predictor = try Predictor(
      networks,
      options: .init(
        mirror: mirror, levels: levels,
        largestOnly: ComponentRules(components, structures: structures).largestOnly))
    if extras.contains(.uncertainty), networks.sources.count == 1 {
      console.error("note: one network does not disagree with itself: only the entropy is written")
    }
    let training = TrainingImages(networks.plans, cache: chosen.cacheFolder)
    if let absence = training.absence { console.error("warning: \(absence)") }
    if isFile, PredictionFiles.exists(target), training.hasMask(target) || DatasetMasks.hold(target) {
      throw ImageUsageError.outputIsMask(file: output)
    }
    if isFile, DatasetMasks.wouldJoin(target) {
      throw ImageUsageError.outputIsDataset(folder: target.deletingLastPathComponent().relativePath)
    }
    if isFile,
      let file = OwnLabelMaps.stranger(
        among: places[0].files, places[0].files.wanted(extras, networks: networks.sources.count))
    {
      let name = file.path == target.path ? output : file.path
      throw OwnLabelMaps.isChanged(file)
        ? ImageUsageError.outputIsChanged(file: name) : ImageUsageError.outputIsForeign(file: name)
    }
    let work = PredictionWork(
      predictor: predictor, extras: extras, force: force, training: training, console: console,
      method: .init(
        networks: networks.sources, options: predictor.options, program: program.version,
        hardware: program.engine.hardware, numerics: .current))
    var outcome = PredictionOutcome(networks: networks.sources, coverage: chosen.coverage)
    outcome.cases = try isFile ? work.segment(places[0]) : work.segment(places, into: target)
    return outcome
  }

  /// By the rule of a report's folder: in one where everything lies label maps would be strewn.
  private func checkSharing(of folder: URL, beside workspace: Workspace) throws(ImageUsageError) {
    let names = (try? Folder.names(in: folder)) ?? []
    guard !force, !names.isEmpty, !names.contains(PredictionRecord.name),
      let what = ReportFolder.shared(folder, beside: workspace)
    else { return }
    throw .outputIsShared(folder: output, what: what, others: names.count)
  }

  private func place(of list: VolumeList, _ target: URL) throws -> PredictionPlace {
    guard list.entries.count == 1, let entry = list.entries.first else {
      throw ImageUsageError.oneFileForMany(output: output, images: list.entries.count)
    }
    try OutputPlace.requireFile(output, at: target)
    let place = PredictionPlace(entry: entry, files: PredictionFiles(beside: target))
    try check(place)
    let wanted = place.files.wanted(extras, networks: 2)
    for file in wanted { try OutputPlace.refuseDeadLink(file.path, at: file, makesNew: true) }
    if !force, let file = ([target] + wanted).first(where: PredictionFiles.exists) {
      throw ImageUsageError.outputExists(file: file.path == target.path ? output : file.path)
    }
    return place
  }

  private func place(of entry: VolumeList.Entry, in folder: URL) throws -> PredictionPlace {
    if PredictionFiles.exists(folder), !VolumeList.isFolder(folder) { throw ImageUsageError.outputIsFile(file: output) }
    let place = PredictionPlace(entry: entry, files: PredictionFiles(of: entry.name, in: folder))
    try check(place)
    return place
  }

  /// An image is never replaced by its own label map.
  private func check(_ place: PredictionPlace) throws {
    func path(_ url: URL) -> String { url.resolvingSymlinksInPath().standardizedFileURL.path }
    for file in place.entry.files where path(file) == path(place.files.labels) {
      throw ImageUsageError.outputIsInput(file: file.path)
    }
  }
}

/// An image, and where its label map goes.
struct PredictionPlace {
  let entry: VolumeList.Entry
  let files: PredictionFiles
}
