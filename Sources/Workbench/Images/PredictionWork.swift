import Compute
import Foundation
import Reporting
import Store
import System
import Training
import Volumes

/// Segments images one after the other.
struct PredictionWork {
  let predictor: Predictor
  let extras: Predictor.Extras
  let force: Bool
  let training: TrainingImages
  let console: any Console
  let method: PredictionRecord.Method

  private var networkCount: Int { predictor.networks.sources.count }

  /// One image, to a file whose name was given; nothing is recorded.
  func segment(_ place: PredictionPlace) throws -> [PredictionOutcome.Case] {
    let made = try makeCase(place, from: predictor.input(place.entry.files, for: extras))
    if !made.changes.isEmpty { console.error("note: \(made.name)\(made.changes)") }
    return [made]
  }

  /// Every image, into a folder that keeps a record.
  func segment(_ places: [PredictionPlace], into folder: URL) throws -> [PredictionOutcome.Case] {
    try Folder.create(folder)
    let lock = try lock(folder)
    defer { lock?.release() }
    for folder in PredictionFiles.folders(below: folder, extras, networks: networkCount) {
      try Folder.create(folder)
      guard lock != nil else { continue }
      try NIfTI.removeUnfinished(in: folder)
      try StagedFile.removeOrphans(in: folder)
    }
    var record = try PredictionRecord(reading: folder)
    var cases: [PredictionOutcome.Case] = []
    var pace = PredictionPace(images: places.count)
    for place in places {
      let one = try segment(place, folder, &record)
      cases.append(one)
      pace.count(one)
      console.error(pace.line(one))
    }
    return cases
  }

  /// Nil where the file system has no locks: then nothing of another's is cleared away.
  private func lock(_ folder: URL) throws -> FileLock? {
    do throws(SystemError) {
      guard let lock = try FileLock.acquire(folder.appendingPathComponent(".predict.lock")) else {
        throw SystemError(file: folder.path, action: .lock, code: EAGAIN)
      }
      return lock
    } catch {
      if error.code == EAGAIN { throw ImageUsageError.busy(folder: folder.path) }
      guard SystemError.hasNoLocks(error.code) else { throw error }
      return nil
    }
  }

  private func segment(
    _ place: PredictionPlace, _ folder: URL, _ record: inout PredictionRecord
  ) throws -> PredictionOutcome.Case {
    let (name, files) = (place.entry.name, place.files)
    do {
      let content = try PredictionInput.digest(of: place.entry.files)
      if let known = known(place, content, record) {
        // Ended between the map and its mark.
        if known.state == .there, record.cases[name]?.labels == nil { try mark(place, &record, folder) }
        return known
      }
      let input = try predictor.input(place.entry.files, for: extras)
      var writes = true
      let made = try makeCase(place, from: input) {
        // It may be another file than a moment ago.
        if record.holds(name, content: input.digest, by: method) {
          writes = !PredictionFiles.exists(files.labels)
          return writes
        }
        for file in [files.labels] + files.extras { try remove(file) }
        record.add(name, images: place.entry.files.map(\.path), contents: input.digests, by: method)
        try record.write(to: folder)
        return true
      }
      if writes { try mark(place, &record, folder) }
      return made
    } catch let error as DatasetErrors {
      return failure(place, error.problems.map { "\($0)" }.joined(separator: "; "))
    } catch let error as NIfTIError {
      switch error {
      // Of the output, which no other image would find better.
      case .cannotWrite, .noFolder, .refusedBySystem: throw error
      default: return failure(place, "\(error)")
      }
    }
  }

  /// Keeps what a label map is that was just written: whoever works on it makes it another.
  private func mark(_ place: PredictionPlace, _ record: inout PredictionRecord, _ folder: URL) throws {
    record.cases[place.entry.name]?.labels = try PredictionInput.digest(of: [place.files.labels])
    try record.write(to: folder)
  }

  /// What need not, or must not, be done; nil for work.
  private func known(
    _ place: PredictionPlace, _ content: String, _ record: PredictionRecord
  ) -> PredictionOutcome.Case? {
    let (name, files) = (place.entry.name, place.files)
    let wanted = files.wanted(extras, networks: networkCount)
    if let link = ([files.labels] + wanted).lazy.compactMap({ DeadLink(at: $0) }).first {
      var refused = blank(place, .refused)
      refused.problem = "\(link.words), and is not replaced; \(link.remedy())"
      return refused
    }
    let isSame = record.holds(name, content: content, by: method)
    if isSame, ([files.labels] + wanted).allSatisfy(PredictionFiles.exists) { return blank(place, .there) }
    if isSame { return nil }
    let entry = record.cases[name]
    // --force is for what this command wrote, and nobody has worked on since.
    let isChanged = entry.map { OwnLabelMaps.isChanged(files.labels, since: $0) } ?? false
    let isOwn = entry == nil ? LabelMapSource.isNamed(in: files.labels) : !isChanged
    guard !force || !isOwn,
      let foreign = ([files.labels] + (isOwn ? [] : wanted)).first(where: PredictionFiles.exists)
    else { return nil }
    var refused = blank(place, .refused)
    refused.problem =
      if isChanged {
        "\(foreign.path) was changed since `safnet predict` wrote it, perhaps corrected by hand, and is not replaced; give another"
          + " folder, or remove it to have it made again"
      } else if let entry {
        "\(foreign.path) was made \(difference(entry, content, record)) (\(PredictionRecord.name)); give --force to replace it, or"
          + " another folder"
      } else if isOwn {
        "\(foreign.path) was made by `safnet predict`, as its header says, and is not in \(PredictionRecord.name), which would say how;"
          + " give --force to replace it, or another folder"
      } else {
        "\(foreign.path) is not in \(PredictionRecord.name): `safnet predict` did not write it, and does not replace it; give"
          + " another folder, or move it away"
      }
    return refused
  }

  /// In what the making of a recorded map was another than now.
  private func difference(_ entry: PredictionRecord.Entry, _ content: String, _ record: PredictionRecord) -> String {
    guard entry.content == content else { return "of another image, \(entry.image)" }
    guard record.methods.indices.contains(entry.method) else { return "by other networks or options" }
    let networks = record.methods[entry.method].networks
    return networks.map { [$0.plan, $0.weights] } == method.networks.map { [$0.plan, $0.weights] }
      ? "with other options" : "by other networks, \(networks.words)"
  }

  private func remove(_ file: URL) throws {
    guard unlink(file.path) == 0 || errno == ENOENT || errno == ENOTDIR else {
      throw SystemError(file: file.path, action: .remove, code: errno)
    }
  }

  private func blank(_ place: PredictionPlace, _ state: PredictionOutcome.State) -> PredictionOutcome.Case {
    PredictionOutcome.Case(
      name: place.entry.name, image: place.entry.file.path, state: state, output: place.files.labels.path)
  }

  private func failure(_ place: PredictionPlace, _ problem: String) -> PredictionOutcome.Case {
    var failed = blank(place, .failed)
    failed.problem = problem
    return failed
  }
}

extension PredictionWork {
  /// Segments one image and writes what is wanted of it, the label map last.
  ///
  /// - Parameter ready: called when all is worked out, before the first file takes its place; whether the label map is to
  ///   be written: one that is there, and was perhaps corrected by hand, stays.
  private func makeCase(
    _ place: PredictionPlace, from input: PredictionInput, ready: () throws -> Bool = { true }
  ) throws -> PredictionOutcome.Case {
    let start = ContinuousClock.now
    var made = blank(place, .predicted)
    let prediction = try predictor.predict(input, for: extras)
    made.warnings = training.warnings(of: input)
    for warning in made.warnings { console.error("warning: \(warning)") }
    (made.renamed, made.removed) = (renamed(prediction), removed(prediction))
    let writesLabels = try ready()
    let files = place.files
    if extras.contains(.probabilities) {
      try predictor.writeProbabilities(prediction, of: input, to: files.probabilities)
    }
    if extras.contains(.uncertainty) {
      try predictor.writeUncertainty(
        prediction, of: input, entropy: files.entropy, disagreement: networkCount > 1 ? files.disagreement : nil)
    }
    if extras.contains(.overlay) { try writeOverlay(prediction, of: input, place) }
    if writesLabels {
      try predictor.writeLabels(
        prediction, of: input, describing: LabelMapSource(image: place.entry.name).description, to: files.labels)
    }
    made.extras = files.wanted(extras, networks: networkCount).map(\.path)
    made.seconds = start.duration(to: .now) / .seconds(1)
    return made
  }

  private func renamed(_ prediction: Prediction) -> [PredictionOutcome.Renamed] {
    let names = predictor.networks.plan.structures.names
    return prediction.renamed.map { one in
      .init(
        structure: names[Int(one.from) - 1], name: one.to == 0 ? nil : names[Int(one.to) - 1], voxels: one.voxels)
    }
  }

  private func removed(_ prediction: Prediction) -> [PredictionOutcome.Removed] {
    let names = predictor.networks.plan.structures.names
    let pieces = Dictionary(grouping: prediction.removed, by: \.label)
    return pieces.sorted { $0.key < $1.key }.map { label, pieces in
      .init(
        structure: names[Int(label) - 1], pieces: pieces.count, voxels: pieces.reduce(0) { $0 + $1.voxels })
    }
  }

  private func writeOverlay(_ prediction: Prediction, of input: PredictionInput, _ place: PredictionPlace) throws {
    guard let original = input.original else { return }
    let depth = Overlay.middleSlice(of: prediction.labels)
    let spacing = input.geometry.spacing
    let figure = Figure.prediction(
      of: place.entry.name, image: Overlay.greySlice(original, at: depth),
      labels: Overlay.slice(prediction.labels, at: depth), structures: predictor.networks.plan.structures.names,
      note: "slice \(depth + 1) of \(original.extent.depth)", aspect: spacing.y / spacing.z)
    try AtomicFile.write(Data(figure.svg.utf8), to: place.files.overlay)
  }
}
