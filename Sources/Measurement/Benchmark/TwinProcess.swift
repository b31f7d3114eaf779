import Compute
import Foundation
import Models
import Networks
import System

/// The same network in another program, which measures itself on demand: `Tests/Twin/step_twin.py` in PyTorch.
///
/// The program gets one JSON argument, answers a line when it is ready, and then one line per request: `step` and
/// `inference` are answered with their seconds. It sleeps in between.
package final class TwinProcess {
  /// Which settings it runs with, as the report names it.
  package let name: String
  private let process: ChildProcess
  private var steps: [Double] = []
  private var inferences: [Double] = []
  private var peakMemoryBytes = 0
  private let place: Place?
  private var devicePeakBytes: Int?

  /// A device of PyTorch's, and a way of running there.
  package struct Place: Codable, Equatable, Sendable {
    /// `cuda`, or `cpu`.
    package let device: String
    /// `eager`, `channels_last_3d` or `compile`.
    package let mode: String

    /// Words that the script knows.
    package init(device: String, mode: String) { (self.device, self.mode) = (device, mode) }
  }

  private struct Task: Encodable {
    let model: ModelConfiguration
    let extent: Extent3
    let classes, batch, threads: Int
    let loss: String
    let precision: Precision
    let place: Place?
  }

  /// - Parameters:
  ///   - environment: added to ours.
  ///   - place: nil: the processor, in the faster of both memory formats.
  package init(
    name: String, python: String, script: URL, environment: [String: String], on place: Place? = nil,
    for benchmark: Benchmark
  ) throws {
    (self.name, self.place) = (name, place)
    let task = Task(
      model: benchmark.model, extent: benchmark.extent, classes: benchmark.classes, batch: benchmark.batch,
      threads: benchmark.threads, loss: benchmark.loss.name, precision: benchmark.precision,
      place: place)
    guard FileManager.default.fileExists(atPath: script.path) else { throw TwinError.noScript(script.path) }
    let arguments = [script.path, String(decoding: try JSONEncoder().encode(task), as: UTF8.self)]
    do throws(ChildProcess.SpawnError) {
      process = try ChildProcess(
        python, arguments, input: .pipe, output: .pipe, errors: .inherited, environment: environment)
    } catch {
      throw TwinError.cannotStart(python: python, error.reason)
    }
    let first = try answer()
    if first.hasPrefix("missing ") {
      throw TwinError.noModule(python: python, String(first.dropFirst("missing ".count)))
    }
    guard first == "ready" else { throw ended() }
  }

  deinit {
    process.letGo()
    process.wait()
  }

  func forget() { (steps, inferences) = ([], []) }

  /// What it has taken of the processors, in seconds.
  var processorSeconds: Double { ProcessTime.of(process: process.identifier) }

  /// The first step after another process' turn does not count.
  func repeatOnce() throws {
    _ = try measure("step")
    steps.append(try measure("step"))
    inferences.append(try measure("inference"))
    peakMemoryBytes = ProcessMemory.peak(ofProcess: String(process.identifier))
  }

  /// Asks what it has taken of its device.
  func finish() throws {
    if let place, place.device != "cpu" { devicePeakBytes = Int(try measure("memory")) }
  }

  private func measure(_ request: String) throws -> Double {
    guard process.write("\(request)\n") else { throw ended() }
    let line = try answer()
    guard let seconds = Double(line) else { throw TwinError.notANumber(name, line) }
    return seconds
  }

  private func answer() throws -> String {
    guard let line = process.readLine() else { throw ended() }
    return line
  }

  /// What became of a program that does not answer, or is not listening.
  private func ended() -> TwinError {
    process.letGo()
    return switch process.wait() {
    case .killed(let signal): .killed(name, signal: signal)
    case .exited: .ended(name)
    }
  }

  func summary(step: TimingSummary, inference: TimingSummary) -> BenchmarkReport.Twin {
    let (ownStep, ownInference) = (TimingSummary(steps), TimingSummary(inferences))
    return BenchmarkReport.Twin(
      name: name, step: ownStep, inference: ownInference, peakMemoryBytes: peakMemoryBytes,
      devicePeakBytes: devicePeakBytes,
      stepRatio: ownStep.median / step.median, inferenceRatio: ownInference.median / inference.median)
  }
}

extension TwinProcess {
  /// How PyTorch's memory is taken: as the C library does by itself, or kept by it once taken; or one after the other.
  package enum Malloc: String, CaseIterable, Sendable { case `default`, tuned, both }

  /// PyTorch in a Python that has it, once for each way of taking memory.
  package static func pyTorch(
    python: String, script: URL, malloc: Malloc, for benchmark: Benchmark
  ) throws -> [TwinProcess] {
    let tuned = ["MALLOC_MMAP_THRESHOLD_": "4000000000", "MALLOC_TRIM_THRESHOLD_": "8000000000"]
    let all = [(Malloc.default, "PyTorch as run", [:]), (Malloc.tuned, "PyTorch, malloc tuned", tuned)]
    return try all.filter { [.both, $0.0].contains(malloc) }.map { _, name, environment in
      try TwinProcess(name: name, python: python, script: script, environment: environment, for: benchmark)
    }
  }
}

extension TwinProcess {
  /// PyTorch on a device of its own, in each of its modes: eager, in the memory format that convolutions of volumes like, and
  /// compiled in that format.
  package static func pyTorch(
    python: String, script: URL, device: String, for benchmark: Benchmark
  ) throws -> [TwinProcess] {
    try ["eager", "channels_last_3d", "compile"].map { mode in
      try TwinProcess(
        name: "PyTorch on \(device), \(mode)", python: python, script: script, environment: [:],
        on: Place(device: device, mode: mode), for: benchmark)
    }
  }
}

/// Why a twin cannot be measured.
package enum TwinError: Error, Equatable, CustomStringConvertible {
  /// The script is not where it was looked for.
  case noScript(String)
  /// The system does not start that Python, with its reason.
  case cannotStart(python: String, String)
  /// That Python lacks what the script imports.
  case noModule(python: String, String)
  /// It left before it answered.
  case ended(String)
  /// A signal ended it.
  case killed(String, signal: Int32)
  /// It answered with something else than seconds.
  case notANumber(String, String)

  private static let howToGetOne =
    "One with PyTorch: `python3 -m venv .venv && .venv/bin/pip install -r Tests/requirements.txt` in the repository's folder,"
    + " then --against pytorch .venv/bin/python"

  /// One line: what the twin's process said or how it ended, and the remedy where there is one.
  package var description: String {
    switch self {
    case .noScript(let path):
      "there is no twin script at \(path): it is Tests/Twin/step_twin.py of the repository, and not a part of the program; run"
        + " from the repository's folder, or say --twin FILE"
    case .cannotStart(let python, let reason): "cannot start \(python): \(reason.lowercased()). \(Self.howToGetOne)"
    case .noModule(let python, let module): "the Python \(python) has no \(module). \(Self.howToGetOne)"
    case .ended(let name): "\(name) ended early; its own words are above"
    case .killed(let name, let signal):
      "\(name) was killed by signal \(signal)"
        + (signal == SIGKILL
          ? ", as the system does for want of memory; one at a time (--malloc default, or tuned) or a smaller --batch or"
            + " --size takes less" : "")
    case .notANumber(let name, let line): "\(name) answered \"\(line)\" where seconds were expected"
    }
  }
}
