import Foundation
import TestSupport

/// A PJRT plugin that fails as it is told (Faults/plugin.c), built once with the system's C compiler.
enum FaultyPlugin {
  /// As a plugin for cards is called, of which each client sees one; and as another is.
  static let (cards, plain) = (library("xla_cuda_plugin.so"), library("faulty_plugin.so"))

  /// Nil where there is no C compiler.
  private static func library(_ name: String) -> URL? {
    let source = Bundle.module.resourceURL!.appending(path: "Faults/plugin.c")
    let interface = URL(filePath: #filePath).appending(path: "../../../Sources/CPJRT/include").standardizedFileURL
    guard let folder = try? TemporaryFolder().keptUntilExit() else { return nil }
    let output = folder.file(name)
    let compiler = try? ChildProgram(
      URL(filePath: "/usr/bin/env"),
      ["cc", "-O1", "-shared", "-fPIC", "-I", interface.path, "-o", output.path, source.path, "-ldl"], in: folder.url)
    return (try? compiler?.wait())?.status == 0 ? output : nil
  }

  /// The environment of a program that is to meet a fault of a plugin without a real one behind it.
  static func alone(_ plugin: URL, _ fault: String = "", cards: Int = 1) -> [String: String] {
    ["SAFNET_PJRT_PLUGIN": plugin.path, "PLUGIN_FAULT": fault, "PLUGIN_CARDS": "\(cards)"]
  }

  /// The same with the real one of these tests behind it.
  static func real(_ fault: String, _ settings: [String: String]) -> [String: String] {
    let both = ["SAFNET_PJRT_PLUGIN": plain?.path ?? "", "PLUGIN_REAL": devicePlugin ?? "", "PLUGIN_FAULT": fault]
    return both.merging(settings) { $1 }
  }
}
