import ArgumentParser
import Foundation
import System
import XLA

struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List the devices that --engine pjrt can train on.",
    discussion: """
      A graphics card is used through a PJRT plugin of XLA, a file that is loaded when it is needed. It is looked for in \
      the active virtual environment, or SAFNET_PJRT_PLUGIN names it.

      Example:
        python3 -m venv venv && . venv/bin/activate
        pip install jax-cuda13-pjrt
        safnet devices
        safnet run study.json --engine pjrt
      """)

  @Option(help: ArgumentHelp("Only open this plugin's device, in this process.", visibility: .hidden))
  var open: String?
  @Option(help: ArgumentHelp("Which device.", visibility: .hidden)) var number = 0

  func run() throws {
    if let open {
      _ = FoundDevices().description(of: open, device: number)
      return
    }
    guard let first = pluginPlaces.files.first else {
      console.print("No PJRT plugin was found. To get one: \(PluginPlaces.remedy).")
      return
    }
    for file in pluginPlaces.files {
      let use = file == first ? "" : " (not used: the first one is)"
      console.print("\(file)\(use)")
      list(file)
    }
  }

  private func list(_ file: String) {
    let devices = FoundDevices(rehearsal: rehearsed)
    if case .failure(let refusal) = devices.description(of: file, device: 0) {
      console.print("  \(refusal.words)")
    }
    for (device, found) in devices.all(of: file).enumerated() {
      let memory = found.memory.map { ", \($0 >> 20) MiB" } ?? ""
      console.print(
        "  pjrt\(device == 0 ? "" : ":\(device)"): \(found.platform) \(found.kind)\(memory); \(found.version)")
    }
  }
}

/// Opens a device in a process of its own, so that a plugin that crashes ends that one and no sweep.
@Sendable func rehearsed(_ plugin: String, _ device: Int) -> String? {
  let program = ProgramFile.startable(ProgramFile.current).path
  let arguments = ["devices", "--open", plugin, "--number", "\(device)"]
  guard let end = try? ChildProcess.run(program, arguments, seconds: rehearsalSeconds).end else { return nil }
  guard case .killed(let signal) = end else { return nil }
  let how =
    signal == SIGKILL
    ? "did not open device \(device) in \(Int(rehearsalSeconds)) s"
    : "crashed with signal \(signal) (\(Signals.words(signal))) as it opened device \(device)"
  return "the PJRT plugin \(plugin) \(how); `safnet devices --open \(plugin) --number \(device)` shows its own words"
}

/// A plugin for cards may be gigabytes on a slow disk.
private let rehearsalSeconds = 120.0
