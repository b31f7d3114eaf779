import ArgumentParser
import Dashboard
import Experiments
import Foundation
import System
import Workbench

struct DashboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dashboard", abstract: "Show the sweep, its tables and curves live in a browser.",
    discussion: """
      It reads and never writes: it may be started and ended at any time beside a sweep. It answers this machine only, and \
      only who has the key in the address it prints. Over SSH: ssh -L 8800:127.0.0.1:8800 HOST, then open that address. \
      Without an experiment, every run of the workspace is shown, and no tables.

      Examples:
        safnet dashboard Experiments/demo.json
        safnet dashboard Experiments/demo.json --open
        safnet dashboard --workspace Workspace --port 9000
      """)

  @Argument(help: ArgumentHelp("The experiment's file.", valueName: "spec")) var file: String?
  @Option(
    name: .long, parsing: .singleValue, help: ArgumentHelp("Change a value of it.", valueName: "key.path=value"))
  var set: [String] = []
  @OptionGroup var options: WorkspaceOptions
  @OptionGroup var engine: EngineOptions
  @Option(help: "The port; 8800 when absent, or a free one where that is taken. 0: a free one.") var port: UInt16?
  @Option(help: "The address to listen at; others than this machine's own let other machines in.")
  var host = "127.0.0.1"
  @Flag(help: "Open the page in this machine's browser.") var open = false

  func run() throws {
    // What is trained beside it comes first.
    _ = nice(Self.niceness)
    let specification = try file.map { try Specification.load(URL(fileURLWithPath: $0), overrides: set) }
    if !options.store.exists { console.error("notice: \(options.store.absence)") }
    let source = LiveSource(workspace: options.store, specification: specification, program: try engine.program())
    defer { source.close() }
    let server = try start(source)
    let stop = StopSignals { server.close() }
    defer { stop.end() }
    if !server.isLocal {
      console.error("notice: other machines reach this address, unencrypted; whoever has the key sees every run.")
    }
    console.print(server.url)
    console.error("Ctrl-C ends it; what is being trained goes on.")
    if open { Browser.open(server.url, console) }
    try server.wait()
  }

  private func start(_ source: LiveSource) throws -> DashboardServer {
    if let port { return try DashboardServer(source, at: .init(host: host, port: Int(port))) }
    do {
      return try DashboardServer(source, at: .init(host: host, port: Self.usualPort))
    } catch is DashboardError {
      return try DashboardServer(source, at: .init(host: host))
    }
  }

  private static let usualPort = 8_800
  private static let niceness: Int32 = 10
}

/// Ctrl-C and `kill` end the server as they should: nothing of it is left.
private final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  init(_ stop: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM, SIGHUP].filter { !Signals.isIgnored($0) }.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler(handler: stop)
      source.resume()
      return source
    }
  }

  func end() { for source in sources { source.cancel() } }
}

private enum Browser {
  /// The page can be opened by hand where there is no such program.
  static func open(_ url: String, _ console: StandardConsole) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", url]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    do { try process.run() } catch {
      console.error("notice: xdg-open could not be started; open the address yourself.")
    }
  }
}
