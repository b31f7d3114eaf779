import ArgumentParser
import Foundation
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

  func run() throws {
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
    let devices = FoundDevices()
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
