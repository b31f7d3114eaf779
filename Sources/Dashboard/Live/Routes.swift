import Experiments
import Foundation
import Reporting

/// From a request to its answer. Every route is listed here; whatever a parameter names is looked up among what there is.
final class Routes: Sendable {
  static let events = "/events"

  /// What is kept as a file or drawn, not read by the page.
  private static let files = ["/download", "/api/report.json", "/api/overlay"]

  private let source: LiveSource

  init(_ source: LiveSource) { self.source = source }

  /// For a browser that has just come.
  var event: String { Self.event(source.version) }

  static func event(_ version: Int) -> String { "event: change\ndata: \(version)\n\n" }

  func response(to request: Request) -> Response {
    if let asset = Assets.all[request.path] { return Response(asset) }
    do {
      return try data(request) ?? .refusal(.notFound, "There is no such page.")
    } catch  where Self.files.contains(request.path) {
      // A browser would keep the words as the file.
      return .refusal(.serviceUnavailable, Words.of(error))
    } catch {
      // What is wrong with a run or the workspace is shown in the page; the server goes on.
      return (try? Response(Document(json: Problem(problem: Words.of(error)))))
        ?? .refusal(.internalServerError, "It cannot be said what went wrong.")
    }
  }

  private struct Problem: Encodable {
    let problem: String
  }

  /// Nil where nothing goes by that name.
  private func data(_ request: Request) throws -> Response? {
    switch request.path {
    case "/api/sweep":
      source.refresh()
      return try Response(source.sweepDocument(since: request.parameters["since"].flatMap { Int($0) }))
    case "/api/machine": return try Response(Document(json: MachineView(source)))
    case "/api/tables": return try Response(Document(json: try source.report().map { TablesView($0) } ?? TablesView()))
    case "/api/report.json":
      return try wholeReport().map { report in
        Response(Document(.json, ReportRecord(report, experiment: source.experiment?.fileFromReport).json))
      }
    case "/api/run":
      guard let name = request.parameters["name"], let run = try source.run(named: name) else { return nil }
      return try Response(Document(json: RunView(run, line: source.lines.first { $0.run == name })))
    case "/api/curves": return try curves(request.parameters["runs"] ?? "")
    case "/api/cases":
      guard let report = try source.report() else { return try Response(Document(json: [String: String]())) }
      return try Response(Document(json: CasesView(report, measure: request.parameters["measure"])))
    case "/api/slices":
      return try slice(request.parameters).map { slice, _ in
        try Response(Document(json: ["slices": slice.count, "middle": slice.depth]))
      }
    case "/api/overlay":
      return try slice(request.parameters).flatMap { slice, report in
        Figure.overlays([slice.overlay], report.input).map { Response(Document(.image, Data($0.svg.utf8))) }
      }
    case "/api/figures": return try source.report().map { try Response(Document(json: FiguresView($0))) }
    case "/download" where request.parameters["figure"] != nil: return try figure(request.parameters["figure"] ?? "")
    case "/download": return try download(request.parameters)
    default: return nil
    }
  }

  /// Of those of these runs that there are: one that was removed a moment ago is no reason to show none.
  private func curves(_ names: String) throws -> Response {
    let known = Set(source.lines.map(\.run))
    let asked = names.split(separator: ",").map(String.init).filter(known.contains)
    return try Response(Document(json: CurvesView(of: asked, in: source.workspace)))
  }

  private func slice(_ parameters: [String: String]) throws -> (Overlay.Slice, Report)? {
    guard let name = parameters["case"], let experiment = source.experiment, let report = try source.report() else {
      return nil
    }
    return try experiment.slice(parameters["slice"].flatMap { Int($0) }, of: name, in: report).map { ($0, report) }
  }

  /// To be kept: not one of a workspace that is gone, which has no numbers.
  private func wholeReport() throws -> Report? {
    if source.experiment != nil { try source.workspace.requireRuns() }
    return try source.report()
  }

  /// A drawing of `safnet report`, by its name.
  private func figure(_ name: String) throws -> Response? {
    guard let report = try wholeReport() else { return nil }
    let files = ReportFiles(report, formats: [.figures])
    guard let file = files.drawings.first(where: { $0 == name + ".svg" }), let drawing = files.contents[file] else {
      return nil
    }
    return Response(Document(.image, drawing)).saved(as: file)
  }

  private func download(_ parameters: [String: String]) throws -> Response? {
    guard let format = parameters["format"].flatMap(TableFormat.init),
      let report = try wholeReport(),
      let table = report.tables.first(where: { $0.kind.rawValue == parameters["table"] })
    else { return nil }
    return Response(Document(format.kind, Data(format.text(table, of: report).utf8)))
      .saved(as: "\(table.kind.rawValue).\(format.ending)")
  }
}

/// In which a table can be taken away.
private enum TableFormat: String {
  case markdown, csv, latex

  var kind: Document.Kind { self == .csv ? .csv : .text }

  var ending: String {
    switch self {
    case .markdown: "md"
    case .csv: "csv"
    case .latex: "tex"
    }
  }

  func text(_ table: Table, of report: Report) -> String {
    switch self {
    case .markdown: Markdown.text(table)
    case .csv: CommaSeparated.text(table)
    case .latex: LaTeX.text(table, experiment: report.input.name)
    }
  }
}
