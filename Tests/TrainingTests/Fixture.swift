import CPU
import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import Synchronization
import TestSupport
import Training
import Volumes

/// A run small enough to train in a fraction of a second: ten made-up cases of 4x32x16 voxels with two structures.
struct Fixture {
  static let extent = Extent3(4, 32, 16)
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
  }

  /// Stays until the tests end: for a run that many tests read.
  func keptUntilExit() -> Fixture {
    _ = temporary.keptUntilExit()
    return self
  }

  static func plan(epochs: Int = 3, change: (inout Plan) -> Void = { _ in }) -> Plan {
    var model = SAFNet()
    (model.width, model.stem, model.asppRates, model.fusionRates) = (16, [8, 16], [1, 2, 3], [1, 2, 3, 4])
    var training = TrainingPlan()
    (training.epochs, training.batch, training.seed, training.schedule.patience) = (epochs, 3, 7, 0)
    let names = (1...10).map { "Case\($0)" }
    var plan = Plan(
      model: ModelConfiguration(model),
      structures: LabelMap(structures: [.init(name: "upper", value: 1), .init(name: "lower", value: 2)]),
      dataset: DatasetFingerprint(digest: "made up", cases: 10), preprocessing: Preprocessing(size: extent),
      augmentation: Augmentation(),
      fold: Fold(
        number: 1, train: Array(names[..<7]), validation: Array(names[7..<8]), test: Array(names[8...])),
      training: training)
    change(&plan)
    return plan
  }

  /// A run directory as `safnet run` makes it.
  func directory(_ name: String, plan: Plan) throws -> RunDirectory {
    let directory = RunDirectory(folder.appendingPathComponent(name, isDirectory: true))
    try directory.create(
      planJSON: plan.canonicalJSON, identity: plan.identity,
      environment: .current(programVersion: "test", instructionSet: "any", threads: 1, commandLine: []))
    return directory
  }

  func training(
    _ directory: RunDirectory, cases: any CaseSource = MadeUpCases(), threads: Int = 1, version: String = "test"
  ) throws -> TrainingRun {
    try TrainingRun(
      directory: directory, cases: cases, engine: CPUEngine(), threads: threads, programVersion: version)
  }

  /// A directory trained without disturbance.
  func undisturbed(_ plan: Plan, name: String = "undisturbed") throws -> RunDirectory {
    let directory = try directory(name, plan: plan)
    _ = try training(directory).run(stop: StopFlag())
    return directory
  }

  /// Runs until `stopAfter` progress reports of the given phase, or of any, have come; true when the run has finished.
  func runPart(
    _ run: RunDirectory, stopAfter: Int, phase: Heartbeat.Phase? = nil, threads: Int
  ) throws -> Bool {
    let stop = StopFlag()
    let reports = Mutex(0)
    let outcome = try training(run, threads: threads).run(stop: stop) { progress in
      guard phase == nil || progress.phase == phase else { return }
      let count = reports.withLock { count in
        count += 1
        return count
      }
      if count == stopAfter { stop.request("test") }
    }
    return outcome == .finished
  }
}

extension RunDirectory {
  /// What resumed workers found to say.
  func notices() throws -> [String] {
    try Journal.read(journal).flatMap { timed -> [String] in
      if case .resumed(let record) = timed.event { record.notices } else { [] }
    }
  }
}

/// Cases drawn by their number: two boxes, brighter than their noisy surroundings.
struct MadeUpCases: CaseSource {
  func load(_ name: String) throws -> PreparedCase {
    let extent = Fixture.extent
    var stream = RandomStream(seed: 11, purpose: .test, index: Int(name.dropFirst(4))!)
    let shift = stream.nextInt(below: 4)
    var image = Grid3<Float>(extent, repeating: 0)
    var labels = Grid3<UInt8>(extent, repeating: 0)
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        for w in 0..<extent.width {
          let inside = (4..<12).contains(w) && d > 0
          let upper = inside && (4..<12).contains(h - shift)
          let lower = inside && (16..<24).contains(h - shift)
          labels[d, h, w] = upper ? 1 : lower ? 2 : 0
          image[d, h, w] = (upper ? 1.5 : lower ? -1.5 : 0) + stream.nextUniform(in: -0.5...0.5)
        }
      }
    }
    return PreparedCase(
      name: name, image: image, labels: labels, spacing: SIMD3(4, 1, 1.5), present: [true, true])
  }

  /// An image of twice the width, of which the network sees the middle half.
  func truth(_ name: String) throws -> TruthVolume {
    let labels = try load(name).labels
    var whole = Grid3<UInt8>(Extent3(labels.extent.depth, labels.extent.height, 2 * labels.extent.width), repeating: 0)
    for d in 0..<labels.extent.depth {
      for h in 0..<labels.extent.height {
        for w in 0..<labels.extent.width { whole[d, h, w + labels.extent.width / 2] = labels[d, h, w] }
      }
    }
    // What the crop takes away: a true voxel that no prediction can find.
    whole[0, 0, 0] = 1
    let affine = Affine(rows: [SIMD4(4, 0, 0, 0), SIMD4(0, 0, -1.5, 0), SIMD4(0, -1, 0, 0)])
    let shape = [whole.extent.depth, whole.extent.height, whole.extent.width]
    return TruthVolume(name: name, labels: whole, geometry: Geometry(shape: shape, affine: affine))
  }
}
