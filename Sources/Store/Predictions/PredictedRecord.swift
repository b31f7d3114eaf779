import Foundation
import JSON

/// `predicted.json`: which finished runs predicted cases together, how, and from which weights.
///
/// It stands in a folder of its own among the runs, `runs/predicted-...`, beside `evaluation.h5` (as of a run; both grids)
/// and `predictions/CASE.nii.gz`. Plain indented JSON, sealed like a journal's line. The folder takes its place whole or
/// not at all, and holds nothing that could not be made again from the runs.
package struct PredictedRecord: Codable, Equatable, Sendable {
  package static let currentFormat = 1

  /// A run whose network took part.
  package struct Member: Codable, Equatable, Sendable {
    /// The run's directory.
    package var run: String
    /// The plan's identity.
    package var plan: String
    package var checkpoint: String
    package var epoch: Int
    /// SHA-256 of the weights.
    package var weights: String
    /// SHA-256 of the journal: a run that was trained anew has another.
    package var journal: String

    package init(run: String, plan: String, checkpoint: String, epoch: Int, weights: String, journal: String) {
      (self.run, self.plan, self.checkpoint, self.epoch) = (run, plan, checkpoint, epoch)
      (self.weights, self.journal) = (weights, journal)
    }
  }

  package private(set) var format = PredictedRecord.currentFormat
  /// SHA-256 over plans, way and cases, as it was planned.
  package var identity: String
  package var mirror: Bool
  /// How levels are named; nil: voxel by voxel.
  package var levels: String?
  package var largestOnly: [String]
  /// In the order in which their probabilities were summed.
  package var members: [Member]
  package var cases: [String]
  /// Which program and hardware computed.
  package var program: String
  package var hardware: String
  package var numerics: NumericsVersion
  package var date: Date

  package init(
    identity: String, mirror: Bool, levels: String? = nil, largestOnly: [String], members: [Member], cases: [String],
    program: String, hardware: String, numerics: NumericsVersion, date: Date
  ) {
    (self.identity, self.mirror, self.levels, self.largestOnly) = (identity, mirror, levels, largestOnly)
    (self.members, self.cases, self.program, self.hardware) = (members, cases, program, hardware)
    (self.numerics, self.date) = (numerics, date)
  }

  /// On one line, for the page of a report.
  package var compactJSON: String {
    let encoder = JSONEncoder()
    (encoder.outputFormatting, encoder.dateEncodingStrategy) = ([.sortedKeys, .withoutEscapingSlashes], .iso8601)
    return String(decoding: (try? encoder.encode(self)) ?? Data("{}".utf8), as: UTF8.self)
  }

  package func write(to url: URL) throws { try SealedRecord.write(try IndentedJSON.data(self), to: url) }

  package init(reading url: URL) throws {
    let data = try SealedRecord.read(url, format: Self.currentFormat)
    guard let record = try? SealedRecord.decoder.decode(Self.self, from: data) else {
      throw StoreError.damaged(file: url.path, .content("it is not a prediction of format \(Self.currentFormat)"))
    }
    self = record
  }
}
