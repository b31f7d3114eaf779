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
  @Option(help: "The port; 8800 when absent, or a free one where that is taken. 0: a free one.") var port: Int?
  @Option(help: "The address to listen at; others than this machine's own let other machines in.")
  var host = "127.0.0.1"
  @Flag(help: "Open the page in this machine's browser.") var open = false

  func validate() throws {
    try SetOfAnExperiment.check(set, file: file, command: "dashboard")
    if let port, !(0...65_535).contains(port) {
      throw ValidationError("--port takes a number from 0 (a free one) to 65535")
    }
    if let match = host.wholeMatch(of: /(https?:\/\/)?(?<name>\[[^\]]*\]|[^:\/\[\]]+):(?<port>[0-9]+)\/?/) {
      let name = match.name.filter { !"[]".contains($0) }
      throw ValidationError(
        "--host takes an address alone, and its port goes to --port: --host \(name) --port \(match.port)")
    }
  }

  func run() throws {
    // What is trained beside it comes first.
    _ = nice(Self.niceness)
    let specification = try file.map { try Specification.load(URL(fileURLWithPath: $0), overrides: set) }
    if !options.store.exists {
      console.error("notice: \(options.store.absence(of: specification?.name, beside: specification?.file))")
    }
    let source = LiveSource(workspace: options.store, specification: specification, program: try engine.program())
    defer { source.close() }
    let server = try start(source)
    let stop = StopSignals { server.close() }
    defer { stop.end() }
    if !server.isLocal {
      console.error("notice: other machines reach this address, unencrypted; whoever has the key sees every run.")
    }
    console.print(server.url)
    // Whoever cannot read the address has no use for the server.
    if console.refusal != nil { return server.close() }
    console.error("Ctrl-C ends it; what is being trained goes on.")
    let page = open ? OpeningPage(server.url) : nil
    defer { page?.remove() }
    page?.show(console)
    try server.wait()
  }

  private func start(_ source: LiveSource) throws -> DashboardServer {
    if let port { return try DashboardServer(source, at: .init(host: host, port: port)) }
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

/// A file that sends a browser to the page: every user of the machine sees the arguments of a program, where the key must not
/// stand; this file the owner alone can read.
private struct OpeningPage {
  private let folder: URL
  private var file: URL { folder.appending(path: "dashboard.html") }

  /// Nil where no such file can be made: the page can be opened by hand.
  init?(_ url: String) {
    guard
      let folder = try? PrivateFolder.create(in: FileManager.default.temporaryDirectory, beginning: "safnet-open-")
    else { return nil }
    self.folder = folder
    let page = "<!doctype html><meta charset=\"utf-8\"><meta http-equiv=\"refresh\" content=\"0;url=\(url)\">\n"
    let attributes = [FileAttributeKey.posixPermissions: 0o600]
    guard FileManager.default.createFile(atPath: file.path, contents: Data(page.utf8), attributes: attributes) else {
      remove()
      return nil
    }
  }

  /// With the server: a browser that is slow to start must still find it.
  func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The page can be opened by hand where there is no such program.
  func show(_ console: StandardConsole) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["xdg-open", file.path]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    do { try process.run() } catch {
      console.error("notice: xdg-open could not be started; open the address yourself.")
    }
  }
}
