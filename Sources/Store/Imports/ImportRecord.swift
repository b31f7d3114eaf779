import Foundation
import JSON

/// `import.json`: a method whose label maps were made by another program, and what was done to score them.
///
/// It stands in the run directory of the method in the place of a plan. Plain indented JSON, sealed like a journal's line;
/// beside it lie `evaluation.h5` (as of a run; both grids), `predictions/CASE.nii.gz` (each map as it was scored, on its
/// image's own grid) and a journal.
package struct ImportRecord: Codable, Equatable, Sendable {
  package static let currentFormat = 1

  /// By what the maps were made, as it was stated.
  package struct Origin: Codable, Equatable, Sendable {
    package var tool: String
    /// Nil where it was not stated.
    package var version: String?
    /// What else is known: of nnU-Net, its trainer, plans and configuration.
    package var details: [String: String]

    package init(tool: String, version: String? = nil, details: [String: String] = [:]) {
      (self.tool, self.version, self.details) = (tool, version, details)
    }

    /// "nnU-Net 2.5"; "another program" where nothing was stated.
    package var words: String { ([tool] + [version].compactMap(\.self)).joined(separator: " ") }
  }

  /// One label map as it was found.
  package struct Map: Codable, Equatable, Sendable {
    /// The case's name.
    package var name: String
    /// Its path from the folder that was imported.
    package var file: String
    /// Of the file's bytes.
    package var sha256: String

    package init(name: String, file: String, sha256: String) {
      (self.name, self.file, self.sha256) = (name, file, sha256)
    }
  }

  /// The test cases of a fold of the experiment.
  package struct Fold: Codable, Equatable, Sendable {
    package var number: Int
    /// SHA-256 over what decides its scores.
    package var identity: String
    package var maps: [Map]
    /// Test cases without a map; none unless the import says why (`partial`).
    package var missing: [String]

    package init(number: Int, maps: [Map], missing: [String] = []) {
      (self.number, self.maps, self.missing) = (number, maps, missing)
      identity = ""
    }
  }

  package private(set) var format = ImportRecord.currentFormat
  /// SHA-256 over everything that decides the scores and what is said of them: not when, where and by whom it was imported.
  package private(set) var identity: String
  /// Names its row in the tables.
  package var name: String
  /// The experiment that it stands beside.
  package var experiment: String
  /// SHA-256 of the dataset's content: `DatasetFingerprint.digest`.
  package var dataset: String
  /// In class order, without background.
  package var structures: [String]
  /// What the numbers in the maps mean: the structure, or "background".
  package var numbers: [Int: String]
  package var origin: Origin
  /// Why it has fewer cases; nil when it has all.
  package var partial: String?
  package var folds: [Fold]
  /// What was found on the way, in words.
  package var notices: [String] = []
  package var folder = ""
  package var date = Date(timeIntervalSince1970: 0)
  /// The version of safnet that scored it.
  package var program = ""

  /// Whether another has the same files' bytes for the same cases, and reads the same in them, whatever it is called.
  package func hasSameMaps(as other: ImportRecord) -> Bool {
    func maps(_ record: ImportRecord) -> [[String]] {
      record.folds.flatMap(\.maps).map { [$0.name, $0.sha256] }.sorted { $0.lexicographicallyPrecedes($1) }
    }
    // Each knows every number of its maps: one that only one of them knows is in none.
    let meansTheSame = numbers.allSatisfy { number, meaning in (other.numbers[number] ?? meaning) == meaning }
    return meansTheSame && maps(self) == maps(other)
  }

  package init(
    name: String, experiment: String, dataset: String, structures: [String], numbers: [Int: String], origin: Origin,
    partial: String?, folds: [Fold]
  ) {
    (self.name, self.experiment, self.dataset) = (name, experiment, dataset)
    (self.structures, self.numbers, self.origin, self.partial) = (structures, numbers, origin, partial)
    self.folds = folds
    identity = ""
    identity = Self.digest(self)
    let whole = identity
    self.folds = folds.map { fold in
      var fold = fold
      fold.identity = GuardedFile.digest(Data("\(whole) fold \(fold.number)".utf8))
      return fold
    }
  }

  /// The directory's name: `imported-a-colleague-1a2b3c4d5e6f`.
  package var directoryName: String { "imported-\(Self.slug(name))-\(identity.prefix(12))" }

  private static func slug(_ name: String) -> String {
    let plain = name.lowercased().unicodeScalars.map { scalar in
      scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        ? Character(scalar) : "-"
    }
    let words = String(plain).split(separator: "-").joined(separator: "-").prefix(40)
    return words.isEmpty ? "method" : String(words)
  }

  /// Over its own JSON without what does not decide the scores.
  private static func digest(_ record: ImportRecord) -> String {
    var content = record
    (content.identity, content.notices, content.folder, content.program) = ("", [], "", "")
    content.date = Date(timeIntervalSince1970: 0)
    content.folds = record.folds.map { fold in
      var fold = fold
      fold.identity = ""
      for index in fold.maps.indices { fold.maps[index].file = "" }
      return fold
    }
    // Strings and whole numbers only, which cannot fail.
    return GuardedFile.digest(try! IndentedJSON.data(content))
  }
}

extension ImportRecord {
  /// As it stands in the file, without the seal.
  package var json: String { String(decoding: try! IndentedJSON.data(self), as: UTF8.self) }

  package func write(to url: URL) throws { try SealedRecord.write(Data(json.utf8), to: url) }

  package init(reading url: URL) throws {
    let data = try SealedRecord.read(url, format: Self.currentFormat)
    guard let record = try? SealedRecord.decoder.decode(Self.self, from: data), Self.digest(record) == record.identity
    else {
      throw StoreError.damaged(file: url.path, .content("it is not an import of format \(Self.currentFormat)"))
    }
    self = record
  }
}
