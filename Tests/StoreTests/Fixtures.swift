import Compute
import Crypto
import Foundation

import Store
import System

func names(in folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

func golden(_ name: String) throws -> Data {
  try Data(contentsOf: Bundle.module.resourceURL!.appending(path: "Golden").appending(path: name))
}

func sha256(_ text: String) -> String { SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined() }

/// Files of the store are small here and hold what the tests need: a scalar, an empty array, unequal sides, Unicode.
enum Fixture {
  static let identity = sha256("plan")

  static func checkpoint(epoch: Int = 3, stepInEpoch: Int = 2, fill: Float = 0) -> Checkpoint {
    Checkpoint(
      planIdentity: identity, programVersion: "0.1", numericsVersion: NumericsVersion(rawValue: 7), epoch: epoch,
      stepInEpoch: stepInEpoch,
      step: epoch * 10 + stepInEpoch, journalPosition: 0, history: (0..<epoch).map { Double($0) / 7 },
      best: .init(epoch: 2, monitor: 1 / 3), partial: ["loss": 0.1, "schritte ü": 2], sections: sections(fill))
  }

  /// As a later program may begin it: only the first and the last line of the guard are promised.
  static func newerCheckpoint(format: Int) -> Data {
    let lines = "safnet checkpoint \(format)\nsomething new\n"
    let text = lines + "crc32 \(CRC32.of(lines.utf8).hexadecimal)\n"
    return Data(text.utf8) + Data(count: GuardedFile.blockLength - text.utf8.count) + Data("content".utf8)
  }

  static func sections(_ fill: Float) -> [String: [NamedTensor]] {
    [
      "parameters": [
        NamedTensor(
          name: "stem.0.conv.weight", shape: [2, 1, 3, 4, 5], values: (0..<120).map { fill + Float($0) / 8 }),
        NamedTensor(name: "attention.scale", shape: [1], values: [fill - 0.0]),
        NamedTensor(name: "größe.α", shape: [3], values: [fill, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]),
      ],
      "statistics": [
        NamedTensor(name: "stem.0.norm.num_batches_tracked", shape: [], values: [7]),
        NamedTensor(name: "empty", shape: [0, 3], values: []),
      ],
      "first_moments": [],
    ]
  }

  static func environment(_ commandLine: [String] = ["safnet", "run", "ablation.json"]) -> EnvironmentRecord {
    EnvironmentRecord(
      host: "knoten-ü", cpu: "CPU", cores: 2, memory: 24 << 30, system: "Linux", programVersion: "0.1",
      numericsVersion: NumericsVersion(rawValue: 7), instructionSet: "avx512", threads: 2,
      startTime: Date(timeIntervalSince1970: 1_700_000_000.7),
      commandLine: commandLine)
  }

  static let worker = WorkerRecord(
    host: "knoten", pid: 7, threads: 2, instructionSet: "avx2", programVersion: "0.1",
    numericsVersion: NumericsVersion(rawValue: 7), attempt: 1)

  static func epoch(_ number: Int) -> EpochRecord {
    EpochRecord(
      epoch: number, trainingLoss: 0.7 / Double(number), learningRate: 1e-3, validationDice: [0.5, nil, 1 / 3],
      meanDice: 0.4, monitor: 0.4 + Double(number) / 100, seconds: 12.25)
  }

  /// One event of each kind, in an order a run could write.
  static let events: [JournalEvent] = [
    .started(worker), .epoch(epoch(1)), .checkpoint(CheckpointRecord(file: "last.h5", epoch: 1, stepInEpoch: 0)),
    .interrupted(InterruptionRecord(reason: "SIGTERM", epoch: 1, stepInEpoch: 4)),
    .resumed(ResumeRecord(worker: worker, epoch: 1, stepInEpoch: 4, notices: ["last.h5 \"is\" dämaged"])),
    .failed(FailureRecord(message: "no space", attempt: 2, retryable: true, logTail: ["a\nb", "\u{1F9B4}"])),
    .evaluated(EvaluationRecord(cases: 6, epoch: 2, meanDice: nil, structureDice: [nil, 0.25], seconds: 3)),
    .finished(FinishRecord(epochs: 2, seconds: 99.5, peakMemory: 1 << 30)),
  ]

  static func journal(_ events: [JournalEvent]) throws -> Data {
    try events.enumerated().reduce(into: Data()) { data, item in
      let time = Date(timeIntervalSince1970: 1_700_000_000.125 + Double(item.offset))
      data += try JournalWriter.line(TimedEvent(time: time, event: item.element), file: "journal.jsonl")
    }
  }

  static func run(in folder: URL) throws -> RunDirectory {
    let run = RunDirectory(folder.appending(path: "safnet-f1-äö"))
    try run.create(planJSON: Data("plan".utf8), identity: identity, environment: environment())
    return run
  }
}
