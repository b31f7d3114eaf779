import Crypto
import Foundation
import JSON
import System
import Text

/// `ro-crate-metadata.json`: the report's folder as an RO-Crate 1.1, which archives (Zenodo, WorkflowHub) read: its files,
/// what made them, and from which runs and data.
///
/// What nobody told the program (license, authors) is a visible gap in it.
package struct ReportCrate {
  package static let name = "ro-crate-metadata.json"

  private let report: Report
  private let files: [(name: String, data: Data)]

  /// - Parameter files: those of the report that are in the folder; others there are not this program's to describe.
  package init(_ report: Report, files: [(name: String, data: Data)]) {
    self.report = report
    self.files = files.sorted { $0.name < $1.name }
  }

  /// Writes it. Its date is that of the last result in the report, so that the same runs give the same bytes.
  ///
  /// - Parameter names: of the report's files; one that is not there is not described.
  package static func write(_ report: Report, files names: [String], in folder: URL) throws {
    let files = names.compactMap { name in
      (try? RegularFile.read(folder.appending(path: name), limit: 1 << 30)).map { (name, $0) }
    }
    let last = report.input.variants.flatMap(\.runs).compactMap(\.lastTime).max() ?? Date()
    let crate = ReportCrate(report, files: files)
    try AtomicFile.write(crate.json(date: last.formatted(Date.ISO8601FormatStyle())), to: folder.appending(path: name))
  }

  /// - Parameter date: of publication, in ISO 8601.
  package func json(date: String) -> Data {
    let graph = [metadata, root(date)] + files.map(entity) + [license, software, dataset, making] + runs
    let whole = JSONValue.object([
      (
        "@context",
        .array([
          "https://w3id.org/ro/crate/1.1/context", ["sha256": "https://schema.org/sha256"],
        ])
      ), ("@graph", .array(graph)),
    ])
    // Text only, which cannot fail.
    return ((try? IndentedJSON.data(whole)) ?? Data()) + Data("\n".utf8)
  }
}

// MARK: Entities

extension ReportCrate {
  private func reference(_ id: String) -> JSONValue { ["@id": .string(id)] }

  private var metadata: JSONValue {
    [
      "@id": .string(Self.name), "@type": "CreativeWork", "about": reference("./"),
      "conformsTo": reference("https://w3id.org/ro/crate/1.1"),
    ]
  }

  private func root(_ date: String) -> JSONValue {
    [
      "@id": "./", "@type": "Dataset", "name": .string(report.input.title), "datePublished": .string(date),
      "description": .string(
        "Report of the experiment \(report.input.name): tables, figures and every score of"
          + " \(report.input.rows.map(\.name).joined(separator: ", ")). Authors are not known to the program: add them"
          + " (author)."),
      "hasPart": .array(files.map { reference($0.name) }), "license": reference("#license"),
      "mentions": .array([reference("#making")]),
    ]
  }

  private func entity(_ file: (name: String, data: Data)) -> JSONValue {
    [
      "@id": .string(file.name), "@type": "File", "name": .string(file.name),
      "encodingFormat": .string(Self.format(of: file.name)), "contentSize": .string("\(file.data.count)"),
      "sha256": .string(SHA256.hash(data: file.data).hex),
    ]
  }

  private static func format(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "md": "text/markdown"
    case "csv": "text/csv"
    case "tex": "application/x-tex"
    case "json": "application/json"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "html": "text/html"
    default: "application/octet-stream"
    }
  }

  private var license: JSONValue {
    [
      "@id": "#license", "@type": "CreativeWork", "name": "License not stated",
      "description": "Nobody told the program under which license this report is published: state it here.",
    ]
  }

  private var software: JSONValue {
    [
      "@id": "#safnet", "@type": "SoftwareApplication", "name": "safnet",
      "version": .string(report.input.provenance.software),
    ]
  }

  private var dataset: JSONValue {
    [
      "@id": "#dataset", "@type": "CreativeWork", "name": "Images and masks that the runs are trained and tested on",
      "identifier": .string(report.input.provenance.dataset),
      "description": .string(
        "\(Quantity.of(report.input.provenance.cases, "case")), by the SHA-256 of their names and contents. They are not part of the"
          + " report; where they can be had is not known to the program: state it here."),
    ]
  }

  private var making: JSONValue {
    [
      "@id": "#making", "@type": "CreateAction", "name": "Making the report", "instrument": reference("#safnet"),
      "object": .array([reference("#dataset")] + scored.map { reference("#run-\($0.1.identity)") }),
      "result": .array([reference("./")]),
    ]
  }

  private var scored: [(ReportInput.Variant, ReportInput.Run)] {
    var seen: Set<String> = []
    return report.input.variants.flatMap { variant in variant.finished.map { (variant, $0) } }
      .filter { seen.insert($0.1.identity).inserted }
  }

  private var runs: [JSONValue] {
    scored.map { variant, run in
      [
        "@id": .string("#run-\(run.identity)"), "@type": "CreativeWork", "name": .string(variant.label(of: run)),
        "identifier": .string(run.identity), "description": .string("runs/\(run.directory) of the workspace"),
      ]
    }
  }
}
